import com.amazon.randomcutforest.RandomCutForest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

// AWS's random cut forest, fed the series that `convops bench detect` wrote: one forest a series, one thread, each point
// scored and then learned. The file: series and points of each as 32-bit numbers, then the values as doubles, little
// endian. Prints one JSON line. Time is processor time of this thread, so that neither the compiler nor the garbage
// collector, which run beside it, count against the peer; a warm-up goes before.
public final class Peer {
    // The library's defaults (50 trees of 256 points), with the shingle of 8 that its examples use for streams.
    static final int SHINGLE = 8;
    static double sink = 0;

    static RandomCutForest forest(long seed) {
        return RandomCutForest.builder().dimensions(SHINGLE).shingleSize(SHINGLE).internalShinglingEnabled(true)
            .parallelExecutionEnabled(false).randomSeed(seed).build();
    }

    static void feed(double[] values, long seed) {
        RandomCutForest forest = forest(seed);
        double[] point = new double[1];
        for (double value : values) {
            point[0] = value;
            sink += forest.getAnomalyScore(point);
            forest.update(point);
        }
    }

    public static void main(String[] arguments) throws Exception {
        ByteBuffer in;
        try (FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
            in = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
        }
        double[][] series = new double[in.getInt()][in.getInt()];
        for (double[] one : series)
            for (int i = 0; i < one.length; ++i)
                one[i] = in.getDouble();
        feed(series[0], 1);
        var thread = ManagementFactory.getThreadMXBean();
        long cpu = thread.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        long points = 0;
        for (int s = 0; s < series.length; ++s) {
            feed(series[s], s);
            points += series[s].length;
        }
        cpu = thread.getCurrentThreadCpuTime() - cpu;
        wall = System.nanoTime() - wall;
        System.out.printf(java.util.Locale.ROOT,
            "{\"name\":\"random-cut-forest %s, %d trees, shingle %d\",\"points_per_second\":%.1f,"
                + "\"points_per_wall_second\":%.1f,\"points\":%d,\"mean_score\":%.4f}%n",
            arguments[1], forest(1).getNumberOfTrees(), SHINGLE, points / (cpu / 1e9), points / (wall / 1e9), points,
            sink / (points + series[0].length));
    }
}
