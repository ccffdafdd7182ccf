import FaceAnalysis
import FaceTypes
import Imaging
import Testing

/// The whole path on photographs whose people are known.
@Suite struct ExampleLibraryTests {
  let analyses: [String: ImageAnalysis]
  let labels: LibraryLabels
  let recorded: RecordedFaces

  init() throws {
    analyses = try SharedAnalysis.library.get()
    labels = try LibraryLabels()
    recorded = try RecordedFaces.library()
  }

  @Test func findsExactlyTheLabelledFaces() {
    for (name, people) in labels.people {
      #expect(analyses[name]?.faces.count == people.count, "\(name)")
    }
  }

  /// Faces above 500 pixels are found in another pass than OpenCV's, so boxes differ a little.
  @Test func findsThemWhereOpenCVDoes() throws {
    for (name, photo) in recorded.photos {
      let analysis = try #require(analyses[name])
      #expect(analysis.info.width == photo.width && analysis.info.height == photo.height)
      for face in photo.faces {
        let overlaps = analysis.faces.map {
          $0.face.boundingBox.intersectionOverUnion(face.boundingBox)
        }
        #expect(overlaps.max() ?? 0 > 0.75, "\(name)")
      }
    }
  }

  /// The crops differ from OpenCV's (refined landmarks, averaging before shrinking), so embeddings
  /// do; two photographs of one person are no nearer than 0.9.
  @Test func embedsThemAsOpenCVDoes() throws {
    var similarities: [Float] = []
    for (name, photo) in recorded.photos {
      let analysis = try #require(analyses[name])
      for face in photo.faces {
        let match = try #require(
          analysis.faces.max {
            $0.face.boundingBox.intersectionOverUnion(face.boundingBox)
              < $1.face.boundingBox.intersectionOverUnion(face.boundingBox)
          })
        let embedding = try #require(face.embedding)
        similarities.append(
          zip(embedding, match.face.embedding.values).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
    similarities.sort()
    #expect(try #require(similarities.first) > 0.7)
    #expect(similarities[similarities.count / 2] > 0.93)
  }

  @Test func tellsPeopleApart() throws {
    var genuine: [Float] = []
    var impostor: [Float] = []
    let singles = labels.names.filter { labels.people[$0]?.count == 1 }
    for (index, left) in singles.enumerated() {
      for right in singles[..<index] {
        let first = try #require(analyses[left]?.faces.first?.face.embedding)
        let second = try #require(analyses[right]?.faces.first?.face.embedding)
        let similarity = try #require(first.cosineSimilarity(second))
        if labels.people[left] == labels.people[right] {
          genuine.append(similarity)
        } else {
          impostor.append(similarity)
        }
      }
    }
    genuine.sort()
    // OpenCV's chain: 0.36 at most between people, 0.42 or more for 95 % of the pairs of one.
    #expect(try #require(impostor.max()) < 0.42)
    #expect(genuine[genuine.count / 20] > 0.38)
  }

  @Test func ordersFacesByProminence() {
    for analysis in analyses.values {
      let sizes = analysis.faces.map { face in
        face.face.score * max(face.face.boundingBox.width, face.face.boundingBox.height)
      }
      #expect(sizes == sizes.sorted(by: >))
    }
  }

  @Test func makesSquareThumbnails() throws {
    let decoder = ImageDecoder()
    for face in analyses.values.flatMap(\.faces) {
      let thumbnail = try decoder.decode(try #require(face.thumbnail))
      #expect(thumbnail.info.format == .jpeg)
      #expect(thumbnail.image.width == thumbnail.image.height)
      #expect(thumbnail.image.width <= ThumbnailPolicy().sideLimit)
      #expect(face.thumbnail?.count ?? 0 < 30_000)
    }
  }

  @Test func givesQualityBetweenZeroAndOne() {
    for face in analyses.values.flatMap(\.faces) {
      #expect((0...1).contains(face.face.quality.value))
    }
  }

  /// One is only in one photograph, and there turned away.
  @Test func letsEveryPersonFound() {
    for person in Set(labels.people.values.joined()) {
      let portraits = labels.people.filter { $0.value == [person] }.keys
      let founders = portraits.flatMap { analyses[$0]?.faces ?? [] }.count {
        $0.face.quality.mayFound
      }
      #expect(founders > 0, "\(person)")
    }
  }

  /// Most of the library's portraits are good enough to found a cluster.
  @Test func letsGoodFacesFound() {
    let faces = analyses.values.flatMap(\.faces)
    let founders = faces.count { $0.face.quality.mayFound }
    #expect(Double(founders) > 0.85 * Double(faces.count))
  }
}
