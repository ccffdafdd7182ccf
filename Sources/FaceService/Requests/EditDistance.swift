extension String {
  /// The fewest insertions, removals and replacements that make one text of the other.
  ///
  /// Levenshtein 1966; O(n·m), for names of parameters only.
  func editDistance(to other: String) -> Int {
    let (source, target) = (Array(lowercased().utf8.prefix(64)), Array(other.lowercased().utf8.prefix(64)))
    var previous = Array(0...target.count)
    for (row, byte) in source.enumerated() {
      var current = [row + 1]
      for (column, candidate) in target.enumerated() {
        let replacement = previous[column] + (byte == candidate ? 0 : 1)
        current.append(Swift.min(replacement, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[target.count]
  }
}
