import Foundation

/// The built figurebench, which lies beside the test bundle.
enum Figurebench {
  /// What a run brought.
  struct Run {
    let code: Int32
    let output: String
    let diagnostics: String

    /// The output, read as JSON.
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// The project's folder.
  static let projectRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Runs figurebench to its end, in the project's folder.
  static func run(_ arguments: [String]) throws -> Run {
    let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = [CommandLine.arguments[0], bundle].map {
      URL(filePath: $0).deletingLastPathComponent().appending(path: "figurebench")
    }
    let process = Process()
    process.executableURL =
      candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    process.arguments = arguments
    process.currentDirectoryURL = projectRoot
    let (output, diagnostics) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = diagnostics
    try process.run()
    // Results are far smaller than a pipe, so that one stream can be read after the other.
    let result = output.fileHandleForReading.readDataToEndOfFile()
    let errors = diagnostics.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Run(
      code: process.terminationStatus, output: String(decoding: result, as: UTF8.self),
      diagnostics: String(decoding: errors, as: UTF8.self))
  }
}
