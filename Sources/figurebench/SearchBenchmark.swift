import FaceClient
import FaceStore
import FaceTypes
import WireProtocol

/// Times a daemon's searches among very many media with titles, tags, dates and fields.
struct SearchBenchmark {
  struct Result: Codable {
    let media: Int
    let storingSeconds: Double
    let searches: [Search]
  }

  /// One search, again and again with other values.
  struct Search: Codable {
    let name: String
    let runs: Int
    /// Of the last run.
    let total: Int
    let medianMilliseconds: Double
    let percentile95Milliseconds: Double
  }

  let settings: MeasuredDaemon.Settings
  let media: Int
  let runs: Int

  /// Media that one transaction stores.
  private static let batch = 5000
  /// Milliseconds since 1970 of the first picture, and between two.
  private static let (firstCapture, captureStep): (Int64, Int64) = (1_600_000_000_000, 60_000)

  private static let words = [
    "beach", "lake", "mountain", "city", "night", "sunset", "family", "birthday", "wedding",
    "garden", "snow", "river", "bridge", "forest", "street", "market", "museum", "concert",
    "train", "harbour", "island", "castle", "picnic", "北京", "上海",
  ]

  /// Fills a state, starts the daemon on it and searches.
  func run() throws -> Result {
    let folder = try TemporaryFolder()
    let start = ContinuousClock.now
    try fill(folder.statePath)
    let storing = start.duration(to: .now)
    let daemon = try MeasuredDaemon(settings, folder: folder)
    let client = daemon.client
    func match(
      _ name: String, sortBy: String? = nil, _ text: (Int) -> String
    ) throws -> Search {
      try measure(name) { run in
        try client.call(.searchMedia(match: text(run), sortBy: sortBy, pageSize: 20)).total
      }
    }
    let span = Int64(media) * Self.captureStep
    return Result(
      media: media, storingSeconds: storing.seconds,
      searches: [
        try match("selective: title contains a number") { "title = 'number \(media / 2 + $0)'" },
        try match("selective: own field") { "intField1 == \($0 * 17 % 100_000)" },
        try match("selective: own field, tag, not a word") {
          "intField1 == \($0 * 13) and exists tagList and not title = 'beach'"
        },
        try match("selective: a span of dates") {
          let from = Self.firstCapture + Int64($0) * span / Int64(max(1, runs)) / 2
          return "utcCapture = [\(from), \(from + 600 * Self.captureStep)]"
        },
        try match("unselective: everything") { _ in "exists title" },
        try match("unselective: a common word") { "title = '\(Self.words[$0 % 23])'" },
        try match("unselective: a kind of medium", sortBy: "utcCapture:Desc") { _ in
          "mediaType == 'image'"
        },
        try match("unselective: a common tag and a range") {
          "tagList == '\(Self.words[$0 % 23])' and fileInfo.fileSize >= 1000"
        },
        try measure("hybrid: two common words") { run in
          let text = "\(Self.words[run % 23]) \(Self.words[(run + 7) % 23])"
          return try client.call(.searchMediaByHybrid(text)).total
        },
        try measure("hybrid: a word, a year and a kind") { run in
          try client.call(.searchMediaByHybrid("photos of the \(Self.words[run % 23]) in 2021"))
            .total
        },
        try measure("hybrid: Chinese") { _ in
          try client.call(.searchMediaByHybrid("2021年在北京的照片")).total
        },
      ])
  }

  private func measure(_ name: String, _ search: (Int) throws -> Int) throws -> Search {
    var times: [Double] = []
    var total = 0
    for run in 0..<runs {
      let start = ContinuousClock.now
      total = try search(run)
      times.append(start.duration(to: .now).seconds * 1000)
    }
    times.sort()
    return Search(
      name: name, runs: runs, total: total, medianMilliseconds: times[runs / 2],
      percentile95Milliseconds: times[min(runs - 1, runs * 95 / 100)])
  }

  private func fill(_ directory: String) throws {
    var generator = SplitMix64(state: 1)
    let store = try FaceStore.open(directory: directory)
    let library = try store.write { try $0.createLibrary(named: LibraryName.standard).id }
    for first in stride(from: 0, to: media, by: Self.batch) {
      try store.write { transaction in
        for number in first..<min(first + Self.batch, media) {
          _ = try transaction.insertMedia(medium(number, in: library, &generator))
        }
      }
    }
  }

  private func medium(
    _ number: Int, in library: LibraryID, _ generator: inout SplitMix64
  ) -> NewMedia {
    let words = (0..<3).compactMap { _ in Self.words.randomElement(using: &generator) }
    let captured = Self.firstCapture + Int64(number) * Self.captureStep
    return NewMedia(
      library: library, uri: "file:///srv/photos/\(number / 1000)/IMG_\(number).jpg",
      mediaType: number % 20 == 0 ? .video : .image, status: .ready,
      content: MediaContent(
        byteCount: Int64(number % 5_000_000), format: "jpeg",
        captureTime: CaptureTime(
          localTime: Timestamp(milliseconds: captured), offsetSeconds: nil)),
      details: MediaDetails(
        title: "\(words[0]) \(words[1]) number \(number)", description: "a day at the \(words[2])",
        tags: [words[0], "tag\(number % 1000)"],
        customFields: [
          "intField1": .integer(Int64(number % 100_000)), "strField1": .text(words[1]),
        ]))
  }
}
