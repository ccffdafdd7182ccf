internal import Glibc

/// What the daemon may use of the machine: the least of hardware, affinity and control groups.
public struct AvailableResources: Sendable, Equatable {
  /// Processors that the daemon's threads may keep busy, at least 1; a quota of 150 % counts as 2.
  public let processorCount: Int
  /// Bytes that may be used before the kernel reclaims or kills, MemoryHigh= or MemoryMax= if they are
  /// lower than the machine's memory.
  public let memoryBytes: Int

  /// Asks the kernel.
  public init() {
    self.init(processDirectory: "/proc/self", controlGroupRoot: "/sys/fs/cgroup")
  }

  /// Reads what the kernel says from the given directories.
  package init(processDirectory: String, controlGroupRoot: String) {
    let groups = Self.controlGroups(processDirectory: processDirectory, root: controlGroupRoot)
    let affinity =
      firstLine("Cpus_allowed_list:", of: "\(processDirectory)/status").flatMap(count(ofRanges:))
      ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let quotas = groups.compactMap { processors(fromQuota: content(of: "\($0)/cpu.max")) }
    processorCount = max(1, ([affinity] + quotas).min() ?? affinity)

    let physical = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    let limits = groups.flatMap { group in
      ["memory.high", "memory.max"].compactMap { file in
        content(of: "\(group)/\(file)").flatMap { Int($0.trimmingNewline) }
      }
    }
    memoryBytes = ([physical] + limits).min() ?? physical
  }

  /// The directories of our control group (version 2) and of those around it.
  private static func controlGroups(processDirectory: String, root: String) -> [String] {
    guard let path = firstLine("0::", of: "\(processDirectory)/cgroup"), path.hasPrefix("/") else {
      return []
    }
    var directories = [root]
    for part in path.split(separator: "/") where part != ".." {
      directories.append("\(directories[directories.count - 1])/\(part)")
    }
    return directories
  }
}

/// `max 100000` sets no limit, `150000 100000` is one and a half processors: two, rounded up.
private func processors(fromQuota text: String?) -> Int? {
  guard let parts = text?.trimmingNewline.split(separator: " "), parts.count == 2,
    let quota = Int(parts[0]), let period = Int(parts[1]), quota > 0, period > 0
  else { return nil }
  return (quota + period - 1) / period
}

/// `0-3,8,10-11` are seven.
private func count(ofRanges text: String) -> Int? {
  var count = 0
  for range in text.split(separator: ",") {
    let bounds = range.split(separator: "-").map { Int($0) }
    switch (bounds.count, bounds.first ?? nil, bounds.last ?? nil) {
    case (1, _?, _): count += 1
    case (2, let first?, let last?) where first <= last: count += last - first + 1
    default: return nil
    }
  }
  return count > 0 ? count : nil
}

/// What follows `prefix` on the line that starts with it, without blanks around it.
private func firstLine(_ prefix: String, of path: String) -> String? {
  guard let text = content(of: path) else { return nil }
  for line in text.split(separator: "\n") where line.hasPrefix(prefix) {
    let value = line.dropFirst(prefix.count).drop { $0 == " " || $0 == "\t" }
    return String(value)
  }
  return nil
}

/// The first 64 KiB of a small file of the kernel's; `nil` if it cannot be read.
private func content(of path: String) -> String? {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 65_536)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  guard count >= 0 else { return nil }
  return String(decoding: bytes[..<count], as: UTF8.self)
}

extension String {
  fileprivate var trimmingNewline: Substring { hasSuffix("\n") ? dropLast() : self[...] }
}
