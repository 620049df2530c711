#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace csatdb::cli {

/// A small text file and who else can get at it.
struct CheckedFile {
  std::string text;
  bool foreign = false;   ///< it belongs to neither this user nor root
  bool readable = false;  ///< its group or others may read it
  bool writable = false;  ///< its group or others may write it

  /// Only this user (and root) can read and write it.
  bool is_private() const { return !foreign && !readable && !writable; }
  /// What keeps it from being private, e.g. "others can read it"; empty if nothing does.
  std::string exposure() const;
};

/// Reads a file of at most 1 MiB through one descriptor, so that what was checked is what was read.
/// Nothing if there is none; throws Fault::usage, calling it `shown`, if it cannot be read.
std::optional<CheckedFile> read_checked(const std::filesystem::path& path,
                                        const std::string& shown);

/// Writes a new file that only this user can read, to the disk itself; false, with errno, if it
/// cannot be written or is there already.
bool write_private(const std::filesystem::path& path, const std::string& text);

/// Makes what a folder's files are called outlast a power cut; false, with errno, if it cannot.
bool sync_folder(const std::filesystem::path& folder);

}  // namespace csatdb::cli
