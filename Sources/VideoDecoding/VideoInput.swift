internal import Glibc

/// An open file as a program reads it that has it as descriptor 3.
struct VideoInput {
  /// The file anew, from its beginning: programs can move about in it.
  static let path = "/proc/self/fd/3"
  /// The descriptor itself, for a file that we were passed and have no right to open: what was read
  /// is kept in a temporary file, since FFmpeg 5 cannot move about in a descriptor.
  static let cachedPath = "cache:pipe:3"

  let descriptor: Int32
  let byteCount: Int
  private let isOpenable: Bool

  /// - Parameters:
  ///   - descriptor: Of a regular file; whoever calls keeps it open.
  ///   - byteCount: The file's size.
  init(descriptor: Int32, byteCount: Int) {
    self.descriptor = descriptor
    self.byteCount = byteCount
    let again = unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
    isOpenable = again >= 0
    if again >= 0 { close(again) }
  }

  /// Goes back to the beginning, for a program that reads the descriptor itself.
  func rewind() { if !isOpenable { lseek(descriptor, 0, SEEK_SET) } }

  /// What a program may write into a file: a copy of this one, if it has to.
  var fileSizeLimit: UInt64 { isOpenable ? 0 : UInt64(byteCount) + 4096 }

  /// The options that name the file: no network, no other files, no playlists.
  var arguments: [String] {
    var words = [
      "-protocol_whitelist", isOpenable ? "file,pipe" : "file,pipe,cache",
      "-format_whitelist", VideoContainer.demuxers,
    ]
    if !isOpenable { words += ["-read_ahead_limit", "-1"] }
    return words + ["-i", isOpenable ? Self.path : Self.cachedPath]
  }
}
