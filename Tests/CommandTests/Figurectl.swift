import Foundation
import Synchronization

/// What a run of figurectl brought.
struct CommandRun {
  let code: Int32
  let output: String
  let diagnostics: String
}

/// The built figurectl, which lies beside the test bundle.
enum Figurectl {
  private static var executable: URL {
    get throws {
      let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let candidates = [CommandLine.arguments[0], bundle].map {
        URL(filePath: $0).deletingLastPathComponent().appending(path: "figurectl")
      }
      guard
        let found = candidates.first(where: {
          FileManager.default.isExecutableFile(atPath: $0.path)
        })
      else { throw NotBuilt(tried: candidates.map(\.path)) }
      return found
    }
  }

  struct NotBuilt: Error { let tried: [String] }

  /// Runs figurectl to its end.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - socket: the daemon's; a path where there is none unless given.
  ///   - input: what the standard input holds.
  ///   - environment: variables beside those that every run has.
  ///   - whileRunning: called once the process runs.
  /// - Returns: what it wrote and ended with.
  /// - Throws: if it cannot be run.
  static func run(
    _ arguments: [String], socket: String = "/tmp/figurectl-nowhere/figured.sock",
    input: String = "", environment: [String: String] = [:],
    whileRunning: (Process) throws -> Void = { _ in }
  ) throws -> CommandRun {
    let process = Process()
    process.executableURL = try executable
    process.arguments = arguments
    process.environment = ["FIGURED_SOCKET": socket, "LC_ALL": "C.UTF-8", "TZ": "UTC"]
      .merging(environment) { _, given in given }
    let (standardInput, output, diagnostics) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = diagnostics
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    // Both streams are read at a time: a full pipe would hold the process up.
    let errors = Mutex(Data())
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      let data = diagnostics.fileHandleForReading.readDataToEndOfFile()
      errors.withLock { $0 = data }
    }
    try whileRunning(process)
    let result = output.fileHandleForReading.readDataToEndOfFile()
    group.wait()
    process.waitUntilExit()
    return CommandRun(
      code: process.terminationStatus, output: String(decoding: result, as: UTF8.self),
      diagnostics: errors.withLock { String(decoding: $0, as: UTF8.self) })
  }
}
