/// The candidate that `word` was probably meant to be; `nil` if none is near.
///
/// Near means: at most one change for every three characters, where a change inserts, deletes or
/// replaces a character or swaps two neighbours. Case does not count. The first of equals wins.
public func nearestName(to word: String, among candidates: some Sequence<String>) -> String? {
  // Longer words are no typing errors, and comparing them would cost time.
  guard word.utf8.count <= 64 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(word.lowercased(), candidate.lowercased())
    guard distance <= max(1, max(word.count, candidate.count) / 3), distance < candidate.count,
      distance < best?.distance ?? .max
    else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// Changes that turn one word into the other, no place being changed twice (Damerau 1964,
/// Levenshtein 1966; the “optimal string alignment” form).
func editDistance(_ first: String, _ second: String) -> Int {
  let (first, second) = (Array(first), Array(second))
  // Rows of the table of distances between prefixes: two before, one before, and this one.
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for row in first.indices {
    var current = [row + 1]
    current.reserveCapacity(second.count + 1)
    for column in second.indices {
      let replacement = previous[column] + (first[row] == second[column] ? 0 : 1)
      var distance = min(replacement, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[second.count]
}
