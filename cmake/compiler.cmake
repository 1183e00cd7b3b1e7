# Language mode, warnings as errors, sanitizers by preset, ccache and mold when they are there.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON) # TRY is a statement expression.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

option(CONVOPS_SANITIZE "Build with address and undefined-behaviour sanitizers" OFF)
option(CONVOPS_FUZZ "Build the libFuzzer targets" OFF)

add_compile_options(-pthread -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
    -Wno-deprecated-declarations) # libstdc++ 12 marks its own stable_sort buffer deprecated under clang.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # -fno-pch-timestamp lets ccache reuse a precompiled header.
  add_compile_options(-Wno-gnu-statement-expression -Wno-missing-designated-field-initializers
      "SHELL:-Xclang -fno-pch-timestamp")
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overflows and uninitialised values inside its own std::string and std::optional at -O3.
  # https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105329 and id=105651
  add_compile_options(-Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -Wno-array-bounds -Wno-maybe-uninitialized)
endif()

if(CONVOPS_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(CONVOPS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(CONVOPS_CCACHE ccache)
if(CONVOPS_CCACHE)
  set(CONVOPS_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CONVOPS_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CONVOPS_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CONVOPS_LAUNCHER})
endif()

find_program(CONVOPS_MOLD mold)
if(CONVOPS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
