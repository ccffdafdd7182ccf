internal import Evaluation

/// The faces of a library with their clusters, and who they really are.
package struct LabelledFaces {
  /// One photograph's faces: the cluster of each, `nil` while it waits.
  package typealias Photograph = (path: String, clusters: [String?])

  /// A face whose person is known.
  private struct Face {
    let cluster: String
    let person: String
  }

  /// Of photographs of one person, whose only face must be theirs.
  private var sure: [Face] = []
  /// Of photographs of several people, whose faces are dealt out in the clusters' favour.
  private var dealt: [Face] = []
  /// Labelled photographs that the library does not have, or has several times.
  package private(set) var unknownPhotographs = 0
  /// Labelled photographs with more faces or fewer than people.
  package private(set) var differingPhotographs = 0

  /// - Parameters:
  ///   - photographs: of the library.
  ///   - labels: by path, or the end of one.
  package init(_ photographs: [Photograph], _ labels: PeopleLabels) {
    let byName = Dictionary(grouping: photographs) { Self.lastComponent($0.path) }
    var groups: [(clusters: [String], people: [String])] = []
    for (path, people) in labels.people.sorted(by: { $0.key < $1.key }) {
      let found = (byName[Self.lastComponent(path)] ?? []).filter {
        $0.path == path || $0.path.hasSuffix("/" + path)
      }
      guard let photograph = found.first, found.count == 1 else {
        // A photograph of nobody has no faces that could be listed.
        if !people.isEmpty || found.count > 1 { unknownPhotographs += 1 }
        continue
      }
      guard photograph.clusters.count == people.count else {
        differingPhotographs += 1
        continue
      }
      // Each face that waits counts as a cluster of its own.
      let clusters = photograph.clusters.enumerated().map { number, cluster in
        cluster ?? "waiting \(number) in \(photograph.path)"
      }
      if people.count == 1 {
        sure.append(Face(cluster: clusters[0], person: people[0]))
      } else {
        groups.append((clusters, people))
      }
    }
    deal(groups)
  }

  private static func lastComponent(_ path: String) -> Substring {
    path.split(separator: "/").last ?? ""
  }

  /// Gives each face of a group the person of most of its cluster's sure faces, where that person
  /// is in the photograph; the others what is left.
  private mutating func deal(_ groups: [(clusters: [String], people: [String])]) {
    let counts = Dictionary(grouping: sure, by: \.cluster).mapValues { faces in
      Dictionary(grouping: faces, by: \.person).mapValues(\.count)
    }
    let usual = counts.compactMapValues { people in
      people.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
    for (clusters, people) in groups {
      var left = people
      var rest: [String] = []
      for cluster in clusters {
        if let person = usual[cluster], let place = left.firstIndex(of: person) {
          dealt.append(Face(cluster: cluster, person: left.remove(at: place)))
        } else {
          rest.append(cluster)
        }
      }
      dealt += zip(rest, left).map { Face(cluster: $0, person: $1) }
    }
  }

  /// How well clusters agree with people.
  package struct Agreement: Encodable, Equatable, Sendable {
    package let faces: Int
    package let people: Int
    package let clusters: Int
    package let bCubed: Share
    package let pairwise: Share

    enum CodingKeys: String, CodingKey {
      case faces = "Faces"
      case people = "People"
      case clusters = "FigureClusters"
      case bCubed = "BCubed"
      case pairwise = "Pairwise"
    }
  }

  /// Precision, recall and their harmonic mean, in 0…1.
  package struct Share: Encodable, Equatable, Sendable {
    package let precision: Double
    package let recall: Double
    package let f: Double

    fileprivate init(_ score: AgreementScore) {
      (precision, recall, f) = (score.precision, score.recall, score.f)
    }

    enum CodingKeys: String, CodingKey {
      case precision = "Precision"
      case recall = "Recall"
      case f = "F"
    }
  }

  /// Of faces whose person is beyond doubt.
  package var sureAgreement: Agreement { Self.agreement(sure) }
  /// Of all faces, those of groups dealt out in the clusters' favour: at best, this good.
  package var bestAgreement: Agreement { Self.agreement(sure + dealt) }

  private static func agreement(_ faces: [Face]) -> Agreement {
    let (clusters, people) = (faces.map(\.cluster), faces.map(\.person))
    return Agreement(
      faces: faces.count, people: Set(people).count, clusters: Set(clusters).count,
      bCubed: Share(bCubed(clusters: clusters, labels: people)),
      pairwise: Share(pairwise(clusters: clusters, labels: people)))
  }
}
