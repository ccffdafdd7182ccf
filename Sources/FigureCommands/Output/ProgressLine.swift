package import WireProtocol

/// How far a task has come, on one line.
package enum ProgressLine {
  /// The line for a terminal, with a bar where there is room, at most `width` columns wide.
  ///
  /// - Parameters:
  ///   - label: what is being done, such as `importing`.
  ///   - progress: how far it is.
  ///   - width: columns of the terminal.
  ///   - isUnicode: whether the terminal shows more than ASCII.
  /// - Returns: the line, without control characters.
  package static func bar(
    _ label: String, _ progress: TaskProgress, width: Int, isUnicode: Bool
  ) -> String {
    let facts = facts(progress)
    guard progress.total > 0 else {
      return DisplayWidth.truncatedEnd("\(label)  \(facts.joined(separator: "  "))", to: width)
    }
    let fraction = min(1, max(0, Double(progress.done) / Double(progress.total)))
    // The least important facts, which come last, make room first.
    for count in stride(from: facts.count, through: 1, by: -1) {
      let text = facts.prefix(count).joined(separator: "  ")
      let room = width - DisplayWidth.of(label) - DisplayWidth.of(text) - 4
      if room >= 10 {
        return "\(label)  \(bar(fraction, width: min(room, 40), isUnicode: isUnicode))  \(text)"
      }
    }
    return DisplayWidth.truncatedEnd("\(label)  \(facts[0])", to: width)
  }

  /// The line for a log: no bar, everything said.
  package static func plain(_ label: String, _ progress: TaskProgress) -> String {
    "\(label): \(facts(progress).joined(separator: ", "))"
  }

  /// What is known, the most important first.
  private static func facts(_ progress: TaskProgress) -> [String] {
    var facts: [String] = []
    if progress.total > 0 {
      let percent = Int(100 * min(1, Double(progress.done) / Double(progress.total)))
      facts.append("\(Quantity.count(progress.done))/\(Quantity.count(progress.total))")
      facts.append("\(percent) %")
    } else {
      facts.append(progress.done > 0 ? "\(Quantity.count(progress.done)) done" : "starting")
    }
    if let seconds = progress.videoSeconds, let total = progress.videoSecondsTotal, seconds < total
    {
      facts.append("video \(Quantity.clock(seconds: seconds))/\(Quantity.clock(seconds: total))")
    }
    if let left = progress.secondsLeft { facts.append("\(Quantity.clock(seconds: left)) left") }
    if let rate = progress.rate { facts.append(Quantity.rate(rate)) }
    if progress.faces > 0 { facts.append(Quantity.count(progress.faces, "face")) }
    if progress.refused > 0 { facts.append("\(Quantity.count(progress.refused)) refused") }
    return facts
  }

  private static func bar(_ fraction: Double, width: Int, isUnicode: Bool) -> String {
    let filled = Int((fraction * Double(width)).rounded(.down))
    let (full, empty): (Character, Character) = isUnicode ? ("━", "╌") : ("#", ".")
    return String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
  }
}
