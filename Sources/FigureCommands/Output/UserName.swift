internal import Glibc

/// Users of this machine by their names.
enum UserName {
  /// The name of a user id, or the number of one that the machine does not know (any more).
  static func of(_ userID: UInt32) -> String {
    // Larger than any entry of the password file that is not damaged.
    var buffer = [CChar](repeating: 0, count: 16_384)
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    let status = unsafe getpwuid_r(userID, &entry, &buffer, buffer.count, &found)
    guard status == 0, unsafe found != nil, let name = unsafe entry.pw_name else {
      return "\(userID)"
    }
    return unsafe String(cString: name)
  }
}
