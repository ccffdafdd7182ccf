internal import FaceTypes

/// How many figures a new group and an old cluster share.
struct ClusterOverlap {
  let group: Int
  let cluster: ClusterID
  let count: Int
}

/// Gives each new group at most one old cluster's identity, so that as many figures as possible
/// keep theirs.
///
/// Groups and clusters fall into components that share no figure. Within each the assignment is
/// optimal (Kuhn 1955, Munkres 1957, by shortest augmenting paths); in a component of more than
/// 200 groups or clusters the largest overlaps go first instead.
///
/// - Returns: the cluster for each group that got one.
func bestIdentities(_ overlaps: [ClusterOverlap]) -> [Int: ClusterID] {
  var result: [Int: ClusterID] = [:]
  for component in components(of: overlaps) {
    let groups = Set(component.map(\.group)).sorted()
    let clusters = Set(component.map(\.cluster)).sorted()
    if groups.count == 1 || clusters.count == 1 || max(groups.count, clusters.count) > 200 {
      assignLargestFirst(component, &result)
      continue
    }
    let size = max(groups.count, clusters.count)
    let row = Dictionary(uniqueKeysWithValues: zip(groups, 0...))
    let column = Dictionary(uniqueKeysWithValues: zip(clusters, 0...))
    var shared = [Int](repeating: 0, count: size * size)
    for overlap in component {
      if let row = row[overlap.group], let column = column[overlap.cluster] {
        shared[row * size + column] = overlap.count
      }
    }
    for (row, column) in bestAssignment(shared, size: size).enumerated()
    where row < groups.count && column < clusters.count && shared[row * size + column] > 0 {
      result[groups[row]] = clusters[column]
    }
  }
  return result
}

private func assignLargestFirst(_ overlaps: [ClusterOverlap], _ result: inout [Int: ClusterID]) {
  var taken: Set<ClusterID> = []
  let ordered = overlaps.sorted {
    if $0.count != $1.count { return $0.count > $1.count }
    return $0.cluster != $1.cluster ? $0.cluster < $1.cluster : $0.group < $1.group
  }
  for overlap in ordered where result[overlap.group] == nil && !taken.contains(overlap.cluster) {
    result[overlap.group] = overlap.cluster
    taken.insert(overlap.cluster)
  }
}

/// Cuts overlaps into sets that have neither group nor cluster in common, in a fixed order.
private func components(of overlaps: [ClusterOverlap]) -> [[ClusterOverlap]] {
  var ofGroup: [Int: [Int]] = [:]
  var ofCluster: [ClusterID: [Int]] = [:]
  let ordered = overlaps.sorted {
    $0.group != $1.group ? $0.group < $1.group : $0.cluster < $1.cluster
  }
  for (index, overlap) in ordered.enumerated() {
    ofGroup[overlap.group, default: []].append(index)
    ofCluster[overlap.cluster, default: []].append(index)
  }
  var isTaken = [Bool](repeating: false, count: ordered.count)
  var result: [[ClusterOverlap]] = []
  for start in ordered.indices where !isTaken[start] {
    var component: [ClusterOverlap] = []
    var stack = [start]
    isTaken[start] = true
    while let index = stack.popLast() {
      let overlap = ordered[index]
      component.append(overlap)
      for next in (ofGroup[overlap.group] ?? []) + (ofCluster[overlap.cluster] ?? [])
      where !isTaken[next] {
        isTaken[next] = true
        stack.append(next)
      }
    }
    result.append(component)
  }
  return result
}

/// The assignment of rows to columns with the largest sum.
///
/// - Parameters:
///   - values: `size × size`, row-major, not negative.
///   - size: how many rows there are, and columns.
/// - Returns: the column of each row.
package func bestAssignment(_ values: [Int], size: Int) -> [Int] {
  let largest = values.max() ?? 0
  // Row and column 0 stand for "none yet", so real ones count from 1.
  var rowPotential = [Int](repeating: 0, count: size + 1)
  var columnPotential = [Int](repeating: 0, count: size + 1)
  var rowOfColumn = [Int](repeating: 0, count: size + 1)
  for row in 1..<size + 1 {
    rowOfColumn[0] = row
    var column = 0
    var slack = [Int](repeating: .max, count: size + 1)
    var previous = [Int](repeating: 0, count: size + 1)
    var isVisited = [Bool](repeating: false, count: size + 1)
    repeat {
      isVisited[column] = true
      let current = rowOfColumn[column]
      var (step, next) = (Int.max, 0)
      for other in 1..<size + 1 where !isVisited[other] {
        let cost = largest - values[(current - 1) * size + other - 1]
        let reduced = cost - rowPotential[current] - columnPotential[other]
        if reduced < slack[other] { (slack[other], previous[other]) = (reduced, column) }
        if slack[other] < step { (step, next) = (slack[other], other) }
      }
      for other in 0..<size + 1 {
        if isVisited[other] {
          rowPotential[rowOfColumn[other]] += step
          columnPotential[other] -= step
        } else if slack[other] != .max {
          slack[other] -= step
        }
      }
      column = next
    } while rowOfColumn[column] != 0
    while column != 0 {
      rowOfColumn[column] = rowOfColumn[previous[column]]
      column = previous[column]
    }
  }
  var result = [Int](repeating: 0, count: size)
  for column in 1..<size + 1 { result[rowOfColumn[column] - 1] = column - 1 }
  return result
}
