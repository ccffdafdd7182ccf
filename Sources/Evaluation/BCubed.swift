/// How well a clustering agrees with the truth: precision, recall and their harmonic mean.
public struct AgreementScore: Sendable, Hashable, Codable {
  /// In 0…1.
  public let precision: Double
  /// In 0…1.
  public let recall: Double

  public init(precision: Double, recall: Double) {
    self.precision = precision
    self.recall = recall
  }

  /// The harmonic mean of precision and recall; zero if both are.
  public var f: Double {
    let sum = precision + recall
    return sum > 0 ? 2 * precision * recall / sum : 0
  }
}

/// BCubed precision and recall (Bagga and Baldwin, 1998): averages over items, not over pairs.
///
/// For each item, precision is the share of its cluster that has its label, and recall the share
/// of its label that is in its cluster, the item itself counted in both.
///
/// - Parameters:
///   - clusters: the cluster of each item. Give an item without one a cluster of its own.
///   - labels: the true group of each item.
/// - Returns: precision and recall; 1 each without items.
/// - Precondition: both have the same length.
public func bCubed<Cluster: Hashable, Label: Hashable>(
  clusters: [Cluster], labels: [Label]
) -> AgreementScore {
  let table = ContingencyTable(clusters: clusters, labels: labels)
  guard table.itemCount > 0 else { return AgreementScore(precision: 1, recall: 1) }
  var precision = 0.0
  var recall = 0.0
  for cell in table.cells {
    let squared = Double(cell.count) * Double(cell.count)
    precision += squared / Double(cell.clusterSize)
    recall += squared / Double(cell.labelSize)
  }
  let items = Double(table.itemCount)
  return AgreementScore(precision: precision / items, recall: recall / items)
}

/// Pairwise precision and recall: of the pairs put together, and of those that belong together.
///
/// A share of no pairs at all counts as 1.
///
/// - Precondition: both have the same length.
public func pairwise<Cluster: Hashable, Label: Hashable>(
  clusters: [Cluster], labels: [Label]
) -> AgreementScore {
  let table = ContingencyTable(clusters: clusters, labels: labels)
  func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
  let both = table.cells.reduce(0) { $0 + pairs($1.count) }
  let together = table.clusterSizes.reduce(0) { $0 + pairs($1) }
  let belonging = table.labelSizes.reduce(0) { $0 + pairs($1) }
  return AgreementScore(
    precision: together > 0 ? both / together : 1, recall: belonging > 0 ? both / belonging : 1)
}
