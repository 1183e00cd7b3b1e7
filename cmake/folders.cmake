# One folder, one library `convops_<folder>`; its *_test.cpp files make one test program.

# convops_folder(NAME USES <folders> LINK <libraries>)
function(convops_folder name)
  cmake_parse_arguments(arg "" "" "USES;LINK" ${ARGN})
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    add_library(convops_${name} STATIC ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  else()
    add_library(convops_${name} STATIC ${sources})
  endif()
  target_include_directories(convops_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM arg_USES PREPEND convops_)
  target_link_libraries(convops_${name} PUBLIC ${arg_USES} ${arg_LINK} Threads::Threads)
  if(name STREQUAL "base")
    # Named so that every target finds it: ccache preprocesses with the header as text.
    target_precompile_headers(convops_base PRIVATE <base/precompiled.h>)
  else()
    target_precompile_headers(convops_${name} REUSE_FROM convops_base)
  endif()
  if(tests)
    convops_test(${name}_tests SOURCES ${tests} USES ${name})
  endif()
endfunction()

# convops_test(NAME SOURCES <files> USES <folders>): a GoogleTest program that ctest runs.
function(convops_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_precompile_headers(${name} REUSE_FROM convops_base)
  list(TRANSFORM arg_USES PREPEND convops_)
  target_link_libraries(${name} PRIVATE ${arg_USES} ${arg_LINK} GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# convops_registry(FOLDER SUBFOLDER): every src/FOLDER/SUBFOLDER/<name>.cpp defines make_<name>(), declared to return
# the type that src/FOLDER/SUBFOLDER.h names as `using Registered = ...` in namespace convops::SUBFOLDER.
# The generated table lists them sorted by name; a missing factory is a link error that names it.
# A third argument is the namespace, where SUBFOLDER is another registry's already; its factories are then in that
# namespace, too.
function(convops_registry folder subfolder)
  set(space ${subfolder})
  set(opens "")
  set(closes "")
  if(ARGC GREATER 2)
    set(space ${ARGV2})
    set(opens "namespace ${space} {\n")
    set(closes "} // namespace ${space}\n")
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/${subfolder}/*.cpp)
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$")
  list(SORT files)
  set(declarations "")
  set(entries "")
  foreach(file ${files})
    get_filename_component(item ${file} NAME_WE)
    string(APPEND declarations "${space}::Registered make_${item}();\n")
    string(APPEND entries "    all.push_back(make_${item}());\n")
  endforeach()
  if(NOT files)
    return()
  endif()
  set(generated ${CMAKE_BINARY_DIR}/generated/${folder}_${subfolder}.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"// Generated from the files of src/${folder}/${subfolder}.
#include \"${folder}/${subfolder}.h\"
namespace convops {
${opens}${declarations}${closes}
namespace ${space} {
std::vector<Registered> all() {
    std::vector<Registered> all;
${entries}    return all;
}
} // namespace ${space}
} // namespace convops
")
  target_sources(convops_${folder} PRIVATE ${generated})
endfunction()

# convops_program(NAME MAIN USES <folders>)
function(convops_program name main)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  add_executable(${name} ${main})
  list(TRANSFORM arg_USES PREPEND convops_)
  target_link_libraries(${name} PRIVATE ${arg_USES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()
