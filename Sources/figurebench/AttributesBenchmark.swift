import FaceAnalysis
import FaceTypes
import FoundationEssentials
import Imaging
import Inference
import Kernels

/// What the networks of attributes say of a data set with a folder for each person, and how long they
/// take.
///
/// Of each photograph the face nearest the centre is the person's. Nobody labelled the people's gender:
/// it is taken from first names that leave no doubt, and all others are left out.
struct AttributesBenchmark {
  struct Result: Codable {
    let faces: Int
    let gender: GenderResult
    let age: AgeResult
    /// How many faces are taken to express what.
    let emotions: [String: Int]
    /// How many mouths are taken to be what.
    let mouths: [String: Int]
    let pose: PoseResult
    /// The values below which 1, 5, 25, 50, 75, 95 and 99 % of the faces lie.
    let sharpnessQuantiles: [Float]
    let milliseconds: Milliseconds
  }

  /// Shares of faces whose gender is that of the first name.
  struct GenderResult: Codable {
    let people: Int
    let faces: Int
    let accuracy: Double
    let accuracyOfFemale: Double
    let accuracyOfMale: Double
    /// Of the faces of which the network is surer than 0.9, and how many of all they are.
    let accuracyOfSure: Double
    let sure: Double
    /// Of people, by the vote of their faces.
    let accuracyOfPeople: Double
  }

  /// How far the photographs of one person agree; nobody's true age is known.
  struct AgeResult: Codable {
    let mean: Float
    /// The network's own.
    let meanDeviation: Float
    /// The standard deviation among photographs of one person, of people with five or more.
    let deviationWithinPeople: Float
  }

  /// Degrees; the means are near zero if nothing leans to one side.
  struct PoseResult: Codable {
    let meanYaw: Float
    let meanPitch: Float
    let meanRoll: Float
    /// Between the yaw of the mesh and the rough one of five landmarks.
    let yawCorrelation: Float
  }

  /// Means for one face, chips included; alone on one thread.
  struct Milliseconds: Codable {
    let embedding: Double
    let attributes: Double
    /// Attributes over embedding.
    let share: Double
  }

  let modelDirectory: String
  let kinds: Set<AttributeKind>
  let precision: Precision?
  /// The folder with `photos/PERSON/…`.
  let dataset: String
  /// A file of lines `NAME,female` or `NAME,male`.
  let names: String

  private struct Described {
    let person: String
    let face: FaceAttributes
    let quality: Float
    /// Radians, from five landmarks.
    let roughYaw: Float
  }

  /// Analyses every photograph.
  func run() throws -> Result {
    let level = ProcessorLevel.best
    let bundle = try ModelBundle(
      ModelFiles(directory: modelDirectory), level: level,
      precision: precision ?? .best(for: level),
      attributes: AttributeNetworks(directory: modelDirectory, wanted: kinds, level: level))
    let analyzer = FaceAnalyzer(bundle: bundle)
    let folder = try PhotographFolder(dataset + "/photos")
    var workspace = AnalysisWorkspace()
    var faces: [Described] = []
    var (embedding, attributes, count) = (Duration.zero, Duration.zero, 0)
    // Four at a time, as imports take them.
    for start in stride(from: 0, to: folder.names.count, by: 4) {
      let names = folder.names[start..<min(start + 4, folder.names.count)]
      var examined: [ExaminedImage] = []
      for name in names {
        examined.append(try analyzer.examine(folder.bytes(name), workspace: &workspace))
      }
      for (name, analysis) in zip(names, try analyzer.embed(examined, workspace: &workspace)) {
        embedding += analysis.durations.embedding
        attributes += analysis.durations.attributes
        count += analysis.faces.count
        guard let central = analysis.centralFace, let described = central.attributes,
          let analyzed = analysis.faces.first(where: { $0.face == central })
        else { continue }
        faces.append(
          Described(
            person: String(name.prefix { $0 != "/" }), face: described,
            quality: central.quality.value, roughYaw: analyzed.measurements.yaw))
      }
    }
    let share = 1 / Double(max(1, count))
    return Result(
      faces: faces.count, gender: try gender(faces), age: Self.age(faces),
      emotions: Self.counts(faces.compactMap { $0.face.emotion?.value.rawValue }),
      mouths: Self.counts(faces.compactMap { $0.face.mouth?.value.rawValue }),
      pose: Self.pose(faces),
      sharpnessQuantiles: Self.quantiles(faces.compactMap(\.face.sharpness)),
      milliseconds: Milliseconds(
        embedding: embedding / .milliseconds(1) * share,
        attributes: attributes / .milliseconds(1) * share, share: attributes / embedding))
  }

  /// Genders by first names.
  private func labels() throws -> [String: Gender] {
    let text = try String(contentsOf: URL(filePath: names), encoding: .utf8)
    var labels: [String: Gender] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ",")
      guard fields.count == 2, let gender = Gender(rawValue: String(fields[1])) else { continue }
      labels[String(fields[0])] = gender
    }
    return labels
  }

  private func gender(_ faces: [Described]) throws -> GenderResult {
    let labels = try labels()
    var judged: [(truth: Gender, found: Judgement<Gender>)] = []
    var votes: [String: (truth: Gender, vote: Float)] = [:]
    for face in faces {
      guard let truth = labels[String(face.person.prefix { $0 != "_" })],
        let found = face.face.gender
      else { continue }
      judged.append((truth, found))
      let weight = found.confidence * face.quality * (found.value == .female ? 1 : -1)
      votes[face.person, default: (truth, 0)].vote += weight
    }
    func accuracy(_ of: (Gender, Judgement<Gender>) -> Bool) -> Double {
      let chosen = judged.filter { of($0.truth, $0.found) }
      return Double(chosen.count { $0.truth == $0.found.value }) / Double(max(1, chosen.count))
    }
    let right = votes.values.count { ($0.vote > 0 ? Gender.female : .male) == $0.truth }
    return GenderResult(
      people: votes.count, faces: judged.count, accuracy: accuracy { _, _ in true },
      accuracyOfFemale: accuracy { truth, _ in truth == .female },
      accuracyOfMale: accuracy { truth, _ in truth == .male },
      accuracyOfSure: accuracy { _, found in found.confidence > 0.9 },
      sure: Double(judged.count { $0.found.confidence > 0.9 }) / Double(max(1, judged.count)),
      accuracyOfPeople: Double(right) / Double(max(1, votes.count)))
  }

  private static func age(_ faces: [Described]) -> AgeResult {
    let ages = faces.compactMap(\.face.age)
    var (squares, freedom) = (Float(0), Float(0))
    for person in Dictionary(grouping: faces, by: \.person).values {
      let years = person.compactMap { $0.face.age?.years }
      guard years.count >= 5 else { continue }
      let mean = self.mean(years)
      squares += years.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      freedom += Float(years.count - 1)
    }
    return AgeResult(
      mean: mean(ages.map(\.years)), meanDeviation: mean(ages.map(\.deviation)),
      deviationWithinPeople: (squares / max(1, freedom)).squareRoot())
  }

  private static func pose(_ faces: [Described]) -> PoseResult {
    let posed = faces.compactMap { face in face.face.pose.map { (pose: $0, rough: face.roughYaw) } }
    return PoseResult(
      meanYaw: mean(posed.map(\.pose.yaw)), meanPitch: mean(posed.map(\.pose.pitch)),
      meanRoll: mean(posed.map(\.pose.roll)),
      yawCorrelation: correlation(posed.map(\.pose.yaw), posed.map(\.rough)))
  }

  private static func counts(_ words: [String]) -> [String: Int] {
    Dictionary(grouping: words) { $0 }.mapValues(\.count)
  }

  private static func quantiles(_ values: [Float]) -> [Float] {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return [] }
    return [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map {
      sorted[min(sorted.count - 1, Int($0 * Double(sorted.count)))]
    }
  }

  private static func mean(_ values: [Float]) -> Float {
    values.reduce(0, +) / Float(max(1, values.count))
  }

  private static func correlation(_ left: [Float], _ right: [Float]) -> Float {
    let (a, b) = (mean(left), mean(right))
    let products = zip(left, right).reduce(Float(0)) { $0 + ($1.0 - a) * ($1.1 - b) }
    let squares =
      left.reduce(Float(0)) { $0 + ($1 - a) * ($1 - a) }
      * right.reduce(Float(0)) { $0 + ($1 - b) * ($1 - b) }
    return squares > 0 ? products / squares.squareRoot() : 0
  }
}
