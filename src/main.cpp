#include "cli/run.h"

int main(int argc, char** argv) {
    return convops::run(argc, argv);
}
