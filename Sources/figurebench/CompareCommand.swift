import CommandLineParsing
import FoundationEssentials

/// The command `figurebench compare`.
struct CompareCommand: BenchmarkCommand {
  private static let old: Argument<String> = .operand(
    "OLD", help: "What Benchmarks/run wrote before a change.", completion: .file)
  private static let new: Argument<String> = .operand(
    "NEW", help: "What it wrote after it.", completion: .file)

  static let declaration = Command(
    "compare", summary: "Fail if a ratio to a peer has fallen by more than a tenth",
    discussion: """
      Reads the member “ratios” of both files: for each case by how much figured is faster than \
      the peer that it took turns with. A case that only one of them has is named, not judged.
      """,
    arguments: [old, new])

  private let old: String
  private let new: String

  init(_ arguments: ParsedArguments) {
    old = arguments[Self.old]
    new = arguments[Self.new]
  }

  func run() throws {
    let comparison = RatioComparison(old: try ratios(old), new: try ratios(new))
    try printJSON(comparison)
    guard comparison.cases.contains(where: { $0.change != nil }) else {
      throw BenchmarkError(description: "\(old) and \(new) have no case in common")
    }
    let slower = comparison.cases.filter(\.isSlower).map(\.name)
    guard slower.isEmpty else {
      throw BenchmarkError(description: "slower than before: \(slower.joined(separator: ", "))")
    }
  }

  /// What Benchmarks/run writes, as far as it matters here.
  private struct Report: Decodable {
    let ratios: [String: Double]
  }

  private func ratios(_ path: String) throws -> [String: Double] {
    do {
      return try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: path)))
        .ratios
    } catch let error as DecodingError {
      throw BenchmarkError(description: "\(path) is no result of Benchmarks/run: \(error)")
    }
  }
}

/// The ratios of two reports, case by case.
struct RatioComparison: Encodable {
  struct Case: Encodable {
    let name: String
    let old: Double?
    let new: Double?
    /// New over old; `nil` unless both were measured.
    let change: Double?
    let isSlower: Bool
  }

  /// The least change that is not called slower: ratios of two runs differ by some percent.
  static let tolerance = 0.9

  /// By name.
  let cases: [Case]

  init(old: [String: Double], new: [String: Double]) {
    cases = Set(old.keys).union(new.keys).sorted().map { name in
      var change: Double?
      if let before = old[name], let after = new[name], before > 0 { change = after / before }
      return Case(
        name: name, old: old[name], new: new[name], change: change,
        isSlower: change.map { $0 < Self.tolerance } ?? false)
    }
  }
}
