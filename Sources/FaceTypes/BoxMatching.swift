extension BoundingBox {
  /// The overlap, as intersection over union, from which two boxes in one picture are of one face.
  ///
  /// Neighbouring faces overlap by less, and a re-encoded or slightly cropped picture's boxes by
  /// more.
  public static let sameFaceOverlap: Float = 0.5

  /// Finds out which boxes of two lists are of one face: one to one, the largest overlap first.
  ///
  /// - Parameters:
  ///   - old: boxes in any unit of length.
  ///   - new: boxes in the same unit.
  ///   - mayMatch: refuses pairs, by their positions, that overlap and yet are not one face.
  /// - Returns: the positions in `old` and `new` of each pair.
  public static func pairs(
    _ old: [BoundingBox], _ new: [BoundingBox],
    where mayMatch: (Int, Int) -> Bool = { _, _ in true }
  ) -> [(old: Int, new: Int)] {
    var candidates: [(overlap: Float, old: Int, new: Int)] = []
    for (i, one) in old.enumerated() {
      for (j, other) in new.enumerated() {
        let overlap = one.intersectionOverUnion(other)
        if overlap >= sameFaceOverlap, mayMatch(i, j) { candidates.append((overlap, i, j)) }
      }
    }
    candidates.sort {
      $0.overlap != $1.overlap ? $0.overlap > $1.overlap : ($0.old, $0.new) < ($1.old, $1.new)
    }
    var (takenOld, takenNew): (Set<Int>, Set<Int>) = ([], [])
    var pairs: [(old: Int, new: Int)] = []
    for candidate in candidates
    where !takenOld.contains(candidate.old) && !takenNew.contains(candidate.new) {
      takenOld.insert(candidate.old)
      takenNew.insert(candidate.new)
      pairs.append((candidate.old, candidate.new))
    }
    return pairs
  }

  /// The box in units of a picture's width and height, so that it fits every size of the picture.
  public func relative(width: Float, height: Float) -> BoundingBox {
    BoundingBox(
      x: x / width, y: y / height, width: self.width / width, height: self.height / height)
  }
}
