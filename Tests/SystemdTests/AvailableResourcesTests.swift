import Glibc
import Systemd
import Testing

/// A made-up `/proc/self` and control group file system.
private final class Kernel {
  let root: String
  private var paths: [String] = []

  init(_ files: [String: String]) throws {
    var template = Array("/tmp/figured-kernel-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for (name, content) in files {
      var directory = root
      for part in name.split(separator: "/").dropLast() {
        directory += "/\(part)"
        mkdir(directory, 0o700)
      }
      let descriptor = open("\(root)/\(name)", O_CREAT | O_WRONLY, 0o600)
      write(descriptor, content, content.utf8.count)
      close(descriptor)
    }
  }

  deinit {
    func remove(_ path: String) {
      if let directory = opendir(path) {
        while let entry = readdir(directory) {
          let name = withUnsafeBytes(of: entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
          }
          if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
      } else {
        unlink(path)
      }
    }
    remove(root)
  }

  var resources: AvailableResources {
    AvailableResources(processDirectory: root + "/self", controlGroupRoot: root + "/cgroup")
  }
}

@Suite struct AvailableResourcesTests {
  private let group = "cgroup/system.slice/figured.service"

  @Test(arguments: [("0", 1), ("0-3", 4), ("0-3,8,10-11", 7), ("0-255", 256)])
  func countsTheProcessorsOfTheAffinity(list: String, expected: Int) throws {
    let kernel = try Kernel(["self/status": "Name:\tx\nCpus_allowed_list:\t\(list)\nOther:\t1\n"])
    #expect(kernel.resources.processorCount == expected)
  }

  @Test(arguments: [
    ("max 100000", 8), ("150000 100000", 2), ("100000 100000", 1), ("1000 100000", 1),
    ("900000 100000", 8), ("nonsense", 8),
  ])
  func roundsAProcessorQuotaUp(quota: String, expected: Int) throws {
    let kernel = try Kernel([
      "self/status": "Cpus_allowed_list:\t0-7\n",
      "self/cgroup": "0::/system.slice/figured.service\n", "\(group)/cpu.max": quota + "\n",
    ])
    #expect(kernel.resources.processorCount == expected)
  }

  @Test func theTightestGroupOnTheWayUpCounts() throws {
    let kernel = try Kernel([
      "self/status": "Cpus_allowed_list:\t0-7\n",
      "self/cgroup": "1:name=x:/other\n0::/system.slice/figured.service\n",
      "\(group)/cpu.max": "max 100000\n", "cgroup/system.slice/cpu.max": "300000 100000\n",
      "\(group)/memory.max": "max\n", "\(group)/memory.high": "50000000\n",
      "cgroup/system.slice/memory.max": "40000000\n",
    ])
    #expect(kernel.resources.processorCount == 3)
    #expect(kernel.resources.memoryBytes == 40_000_000)
  }

  @Test func fallsBackToTheMachine() throws {
    let resources = try Kernel([:]).resources
    #expect(resources.processorCount == Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    #expect(
      resources.memoryBytes
        == Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  @Test func findsSomethingOnThisMachine() {
    let resources = AvailableResources()
    #expect(resources.processorCount >= 1)
    #expect(resources.memoryBytes > 0)
  }
}
