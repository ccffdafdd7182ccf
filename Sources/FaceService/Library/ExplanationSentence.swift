internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Explanation {
  /// The explanation in one line for people.
  ///
  /// - Parameters:
  ///   - own: how the face stands to its own cluster, as the wire has it.
  ///   - other: how it stands to the other one.
  ///   - weakestLink: of the chain to the core of its cluster.
  /// - Returns: one or two English sentences without a line break.
  func sentence(
    own: ClusterStandingMessage?, other: ClusterStandingMessage?, weakestLink: SimilarFigure?
  ) -> String {
    if statements.contains(.notAFace(figure.id)) { return "A user said that this is no face." }
    if isOtherAskedFor, let other { return whyNot(other, own) }
    guard let own else { return whyWaiting(other) }
    if isPinned { return "A user put this face into \(own.called); \(own.resemblance)." }
    if isLinked, !own.samePhotograph.isEmpty {
      return "A user said that this face and another one of the same photograph show one person; "
        + "that is \(own.called), and \(own.resemblance)."
    }
    guard own.comparedFaces > 0 else {
      return "This is the only clear face of \(own.called), so there is nothing to compare it with."
    }
    if own.isEnough {
      return
        "This face is in \(own.called) because \(own.resemblance)\(own.nearest)\(rival(other))."
    }
    if isLinked {
      return "A user said that this face shows the same person as another one of \(own.called), "
        + "though \(own.resemblance)."
    }
    let link = weakestLink.map { ", whose weakest link is \(percent($0.probability)) sure" } ?? ""
    return "This face is in \(own.called) through a chain of similar faces\(link), though "
      + "\(own.resemblance)."
  }

  private func whyNot(
    _ other: ClusterStandingMessage, _ own: ClusterStandingMessage?
  ) -> String {
    if isExcluded { return "A user said that this face is not in \(other.called)." }
    if isPinned, let own { return "A user put this face into \(own.called), not \(other.called)." }
    if !other.samePhotograph.isEmpty {
      return "This face is not in \(other.called) because another face of the same photograph is; "
        + "two faces of one photograph are two people unless a user links them."
    }
    guard other.isEnough else {
      return "This face is not in \(other.called) because \(other.resemblance)."
    }
    return "This face could be in \(other.called), since \(other.resemblance)"
      + (own.map { ", but it fits \($0.called) better: \($0.resemblance)" } ?? "") + "."
  }

  private func whyWaiting(_ nearest: ClusterStandingMessage?) -> String {
    let obstacles = figure.quality.obstacles.words
    let reason = obstacles.isEmpty ? "" : " It is \(obstacles), so it cannot found a cluster."
    guard let nearest else {
      return "This face waits.\(reason) There is nobody to compare it with."
    }
    if isExcluded {
      return "This face waits: a user said that it is not in \(nearest.called).\(reason)"
    }
    if !nearest.samePhotograph.isEmpty {
      return "This face waits: another face of its photograph is in \(nearest.called), which "
        + "it resembles most.\(reason)"
    }
    return "This face waits: of all people it comes nearest to \(nearest.called), but "
      + "\(nearest.resemblance).\(reason)"
  }

  private func rival(_ other: ClusterStandingMessage?) -> String {
    guard let other, other.averageSimilarity > 0 else { return "" }
    return "; next comes \(other.called) at \(decimal(other.averageSimilarity)), "
      + "where \(decimal(other.neededSimilarity)) is needed"
  }
}

extension ClusterStandingMessage {
  /// The name, or who else it is.
  fileprivate var called: String {
    name.map { "“\($0)”" } ?? "the unnamed person \(objectID.dropFirst("Cluster-".count).prefix(8))"
  }

  /// Whether it is as alike as is needed.
  fileprivate var isEnough: Bool {
    averageSimilarity > neededSimilarity || nearInTime.map(\.isEnough) ?? false
  }

  /// How alike, and how alike it would have to be.
  fileprivate var resemblance: String {
    let faces = comparedFaces == 1 ? "the one other face" : "the \(comparedFaces) other faces"
    if averageSimilarity <= neededSimilarity, let nearInTime, nearInTime.isEnough {
      return "it resembles the \(nearInTime.comparedFaces) faces there of about the same time by "
        + "\(decimal(nearInTime.averageSimilarity)) on average, where "
        + "\(decimal(nearInTime.neededSimilarity)) is needed, though \(faces) by "
        + "\(decimal(averageSimilarity)) only"
    }
    return "it resembles \(faces) there by \(decimal(averageSimilarity)) on average, where "
      + "\(decimal(neededSimilarity)) is needed"
  }

  /// What the nearest face says.
  fileprivate var nearest: String {
    exemplars.first.map {
      ", and the most similar one is the same person at \(percent($0.probability))"
    }
      ?? ""
  }
}

extension ClusterStandingMessage.NearInTime {
  fileprivate var isEnough: Bool { averageSimilarity > neededSimilarity }
}

extension FoundingObstacles {
  /// Words that fit after “it is”; empty for none.
  fileprivate var words: String {
    var words: [String] = []
    if contains(.tooSmall) { words.append("too small") }
    if contains(.blurred) { words.append("blurred") }
    if contains(.profile) { words.append("turned away") }
    if contains(.lowScore) { words.append("hardly to be seen as a face") }
    if contains(.truncated) { words.append("cut off by the edge") }
    if contains(.weakEmbedding) { words.append("without clear features") }
    guard let last = words.popLast() else { return "" }
    return words.isEmpty ? last : words.joined(separator: ", ") + " and " + last
  }
}

/// A similarity with two digits.
private func decimal(_ value: Double) -> String {
  let hundredths = Int((abs(value) * 100).rounded())
  let digits = hundredths % 100
  return (value < 0 && hundredths > 0 ? "−" : "")
    + "\(hundredths / 100)." + (digits < 10 ? "0" : "") + "\(digits)"
}

/// A probability in whole percent.
private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
