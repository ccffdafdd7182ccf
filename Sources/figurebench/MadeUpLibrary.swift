import FaceAnalysis
import FaceClient
import FaceStore
import FaceTypes
import Inference

/// A state with faces of people who do not exist, everybody's in one cluster.
struct MadeUpLibrary {
  let faces: Int
  /// The folder of the networks.
  let models: String

  /// Faces of one made-up person, each in a photograph of their own.
  private static let facesPerPerson = 20
  /// People whose faces one transaction stores.
  private static let batch = 100

  /// Stores made-up faces with their clusters.
  ///
  /// - Parameter directory: of the state.
  /// - Returns: the clusters.
  /// - Throws: what the store throws.
  func store(in directory: String) throws -> [ClusterID] {
    let models = try ModelBundle(directory: models)
    var people = MadeUpPeople(
      dimension: models.embedder.outputs[0].channels, fingerprint: models.fingerprint)
    let store = try FaceStore.open(directory: directory)
    let library = try store.write { try $0.createLibrary(named: LibraryName.standard).id }
    var clusters: [ClusterID] = []
    let personCount = (faces + Self.facesPerPerson - 1) / Self.facesPerPerson
    for first in stride(from: 0, to: personCount, by: Self.batch) {
      try store.write { transaction in
        for person in first..<min(first + Self.batch, personCount) {
          let count = min(Self.facesPerPerson, faces - person * Self.facesPerPerson)
          let cluster = try transaction.nextClusterID(in: library)
          try transaction.insertCluster(cluster, in: library)
          clusters.append(cluster)
          for (index, face) in people.faces(count).enumerated() {
            let media = try transaction.insertMedia(
              NewMedia(
                library: library, uri: "file:///\(person)/\(index).jpg", mediaType: .image,
                status: .ready))
            let figures = try transaction.insertFigures([NewFigure(face: face)], of: media)
            try transaction.assign(
              figures.map { ClusterAssignment(figure: $0, cluster: cluster, confidence: 1) })
          }
        }
      }
    }
    return clusters
  }
}
