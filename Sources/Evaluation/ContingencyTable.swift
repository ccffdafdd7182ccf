/// How many items each pair of cluster and label shares; only the cells that are not empty.
struct ContingencyTable {
  struct Cell {
    let count: Int
    let clusterSize: Int
    let labelSize: Int
  }

  let itemCount: Int
  /// In the order in which their first items come, so that sums are the same in every run.
  let cells: [Cell]
  let clusterSizes: [Int]
  let labelSizes: [Int]

  /// - Precondition: both have the same length.
  init<Cluster: Hashable, Label: Hashable>(clusters: [Cluster], labels: [Label]) {
    precondition(clusters.count == labels.count, "every item has a cluster and a label")
    let (clusterOf, clusterSizes) = Self.numbered(clusters)
    let (labelOf, labelSizes) = Self.numbered(labels)
    var places: [SIMD2<Int>: Int] = [:]
    var counts: [(cluster: Int, label: Int, count: Int)] = []
    for (cluster, label) in zip(clusterOf, labelOf) {
      let key = SIMD2(cluster, label)
      if let place = places[key] {
        counts[place].count += 1
      } else {
        places[key] = counts.count
        counts.append((cluster, label, 1))
      }
    }
    itemCount = clusters.count
    self.clusterSizes = clusterSizes
    self.labelSizes = labelSizes
    cells = counts.map {
      Cell(
        count: $0.count, clusterSize: clusterSizes[$0.cluster], labelSize: labelSizes[$0.label])
    }
  }

  /// Numbers the distinct values by first appearance and counts them.
  private static func numbered<Value: Hashable>(_ values: [Value]) -> ([Int], [Int]) {
    var numbers: [Value: Int] = [:]
    var sizes: [Int] = []
    let numbered = values.map { value in
      let number = numbers[value] ?? sizes.count
      if number == sizes.count {
        numbers[value] = number
        sizes.append(0)
      }
      sizes[number] += 1
      return number
    }
    return (numbered, sizes)
  }
}
