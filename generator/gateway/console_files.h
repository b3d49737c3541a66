// ConsoleFiles: the files of generator/gateway/console as they stand in the program.
//
// Made by CMake from every file of that folder; nothing is read from the disk. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_CONSOLE_FILES_H_
#define POLICYKB_GENERATOR_GATEWAY_CONSOLE_FILES_H_

#include <span>
#include <string_view>

namespace policykb {

struct ConsoleFile {
  std::string_view path;  // relative to the folder
  std::string_view bytes;
  std::string_view gzip;  // the same, compressed
};

std::span<const ConsoleFile> ConsoleFiles();

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_CONSOLE_FILES_H_
