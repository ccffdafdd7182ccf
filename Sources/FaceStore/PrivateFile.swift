internal import Glibc

/// Opens a file for the owner alone, created if missing; never through a symbolic link.
///
/// With `mustBeNew` it fails if there is a file already. The caller closes the descriptor.
func openPrivateFile(_ path: String, mustBeNew: Bool = false) throws(StoreError) -> Int32 {
  let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (mustBeNew ? O_EXCL : 0)
  let descriptor = unsafe open(path, flags, 0o600)
  guard descriptor >= 0 else {
    throw .system(operation: mustBeNew ? "create" : "open", path: path, errorNumber: errno)
  }
  guard fchmod(descriptor, 0o600) == 0 else {
    let errorNumber = errno
    close(descriptor)
    throw .system(operation: "restrict", path: path, errorNumber: errorNumber)
  }
  return descriptor
}

/// Gives a complete file, which nobody saw so far, the name under which it is looked for.
///
/// On disk when this returns.
///
/// - Throws: ``StoreError/system(operation:path:errorNumber:)`` if the name is taken.
func publishFile(
  _ descriptor: Int32, from temporaryPath: String, to path: String
)
  throws(StoreError)
{
  guard fsync(descriptor) == 0, unsafe link(temporaryPath, path) == 0 else {
    throw .system(operation: "complete", path: path, errorNumber: errno)
  }
  let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
  let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  let directory = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard directory >= 0 else {
    throw .system(operation: "open", path: parent, errorNumber: errno)
  }
  defer { close(directory) }
  guard fsync(directory) == 0 else {
    throw .system(operation: "write", path: parent, errorNumber: errno)
  }
}

/// The system's words for an error number.
func systemErrorMessage(_ errorNumber: Int32) -> String {
  // Safe on any thread since glibc 2.32.
  guard let message = unsafe strerror(errorNumber) else { return "error \(errorNumber)" }
  return unsafe String(cString: message)
}
