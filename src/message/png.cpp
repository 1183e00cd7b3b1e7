#include "message/png.h"

#include <csetjmp>
#include <cstring>
#include <png.h>

namespace convops {

namespace {

struct Sink {
    std::string bytes;
};

void write_bytes(png_structp png, png_bytep bytes, png_size_t length) {
    static_cast<Sink*>(png_get_io_ptr(png))->bytes.append(reinterpret_cast<char const*>(bytes), length);
}

void flush_bytes(png_structp) { }

void say_nothing(png_structp, png_const_charp) { }

// libpng reports errors by longjmp, so nothing with a destructor may live in this frame.
bool write_rows(png_structp png, png_infop info, png_bytep const* rows, unsigned width, unsigned height) {
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    png_set_compression_level(png, 1);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
        PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    png_write_image(png, const_cast<png_bytepp>(rows));
    png_write_end(png, info);
    return true;
}

} // namespace

Result<std::string> png_from_xrgb(unsigned char const* pixels, int width, int height, std::size_t stride) {
    auto const columns = static_cast<std::size_t>(width);
    auto const lines = static_cast<std::size_t>(height);
    std::string rgb(columns * lines * 3, '\0');
    std::vector<png_bytep> rows;
    for (std::size_t y = 0; y < lines; ++y) {
        auto* out = reinterpret_cast<png_bytep>(rgb.data() + y * columns * 3);
        rows.push_back(out);
        for (std::size_t x = 0; x < columns; ++x) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, pixels + y * stride + x * 4, sizeof pixel);
            *out++ = static_cast<png_byte>(pixel >> 16U);
            *out++ = static_cast<png_byte>(pixel >> 8U);
            *out++ = static_cast<png_byte>(pixel);
        }
    }
    Sink sink;
    auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, say_nothing);
    auto* info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info == nullptr) {
        png_destroy_write_struct(&png, nullptr);
        return Error { ErrorKind::unavailable, "png: out of memory" };
    }
    png_set_write_fn(png, &sink, write_bytes, flush_bytes);
    bool const written = write_rows(png, info, rows.data(), unsigned(width), unsigned(height));
    png_destroy_write_struct(&png, &info);
    if (!written)
        return Error { ErrorKind::unavailable, "png: libpng failed" };
    return std::move(sink.bytes);
}

} // namespace convops
