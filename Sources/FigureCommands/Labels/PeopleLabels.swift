internal import FoundationEssentials
internal import WireProtocol

/// Who is in which photograph, as somebody wrote it down: one person for each face.
package struct PeopleLabels: Equatable, Sendable {
  /// By path or the end of one.
  package private(set) var people: [String: [String]] = [:]

  /// Reads a JSON object of lists, `{"a.jpg": ["Ada", "Grace"]}`, or CSV with a line for each face,
  /// `path,person` (RFC 4180), whose first line may be that heading.
  ///
  /// - Parameter bytes: of the file, in UTF-8.
  /// - Throws: ``CommandFailure`` that says what is wrong.
  package init(_ bytes: [UInt8]) throws(CommandFailure) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("The labels are not UTF-8.")
    }
    if text.first(where: { !$0.isWhitespace }) == "{" {
      try readJSON(bytes)
    } else {
      try readCSV(text)
    }
    guard !people.isEmpty else { throw CommandFailure("There are no labels in the file.") }
  }

  private mutating func readJSON(_ bytes: [UInt8]) throws(CommandFailure) {
    do {
      people = try JSONDecoder().decode([String: [String]].self, from: Data(bytes))
    } catch {
      throw CommandFailure("The labels must be a JSON object of lists of names.")
    }
  }

  private mutating func readCSV(_ text: String) throws(CommandFailure) {
    for (number, fields) in zip(1..., Self.records(text)) {
      if fields == [""] || (number == 1 && fields == ["path", "person"]) { continue }
      guard fields.count == 2, !fields[0].isEmpty else {
        throw CommandFailure("Line \(number) of the labels is not “path,person”.")
      }
      people[fields[0], default: []] += fields[1].isEmpty ? [] : [fields[1]]
    }
  }

  /// The records of CSV; in quotes, commas and line ends are text and `""` is a quote.
  private static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var fields = [""]
    var isQuoted = false
    var characters = text.makeIterator()
    var pending: Character?
    while let character = pending ?? characters.next() {
      pending = nil
      switch character {
      case "\"" where isQuoted:
        pending = characters.next()
        if pending == "\"" {
          fields[fields.count - 1].append("\"")
          pending = nil
        } else {
          isQuoted = false
        }
      case _ where isQuoted: fields[fields.count - 1].append(character)
      case "\"": isQuoted = true
      case ",": fields.append("")
      case "\n", "\r\n", "\r":
        records.append(fields)
        fields = [""]
      default: fields[fields.count - 1].append(character)
      }
    }
    if fields != [""] { records.append(fields) }
    return records
  }
}
