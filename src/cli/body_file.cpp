#include "cli/body_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <istream>

#include "base/error.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

constexpr int kGzipMark = 0x1F;  // no JSON text begins with it

}  // namespace

BodyFile::BodyFile(Process& process, const std::string& name)
    : name_(name), in_(name == "-" ? process.in : file_) {
  if (name != "-") {
    const auto path = process.resolve(name);
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
      throw Error(Fault::usage, fmt::format("{} is a folder: name the files in it", name));
    file_.open(path, std::ios::binary);
    if (!file_)
      throw Error(Fault::usage, fmt::format("{} cannot be read: is it there, and may you?", name));
  }
  if (in_.peek() == kGzipMark)
    gunzip_.emplace([this](char* to, std::size_t room) { return read_packed(to, room); });
}

std::size_t BodyFile::read(char* to, std::size_t room) {
  return gunzip_ ? gunzip_->read(to, room) : read_packed(to, room);
}

std::size_t BodyFile::read_packed(char* to, std::size_t room) {
  in_.read(to, static_cast<std::streamsize>(room));
  if (in_.bad()) throw Error(Fault::storage, fmt::format("{} cannot be read on", name_));
  return static_cast<std::size_t>(in_.gcount());
}

}  // namespace csatdb::cli
