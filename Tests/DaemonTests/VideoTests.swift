import FaceClient
import Foundation
import Testing
import WireProtocol

/// Videos made for tests, of the example library's photographs and video.
enum TestVideos {
  static let example = projectRoot.appending(path: "Examples/library/video/two_people.mp4").path

  /// Runs ffmpeg, which writes `path`.
  static func make(_ path: String, _ arguments: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ffmpeg")
    process.arguments =
      ["-nostdin", "-v", "error", "-y"] + arguments.split(separator: " ").map(String.init) + [path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(path)")
  }

  /// When each person is to be seen, in seconds.
  static func labels() throws -> [String: [[Double]]] {
    let file = projectRoot.appending(path: "Examples/library/video/labels.json")
    let videos = try JSONDecoder().decode(
      [String: [String: [[Double]]]].self, from: Data(contentsOf: file))
    return try #require(videos["two_people.mp4"])
  }
}

extension DaemonProcess {
  /// The programs that the daemon has started and that still run.
  var children: [String] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { process in
      guard Int(process) != nil,
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
        status.contains("PPid:\t\(processID)\n")
      else { return nil }
      return status.split(separator: "\n").first.map(String.init)
    }
  }

  /// Waits until a condition holds, for a minute at most.
  func wait(_ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
      try #require(ContinuousClock.now < deadline)
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}

extension FaceClient {
  /// When a person is seen in a video, by a photograph of that person.
  func times(of person: String, in mediaID: String) throws -> [(start: Double, end: Double)] {
    let search = try call(
      .searchMediaByFace(.path(DemoLibrary.path("\(person)_01.jpg")), pageSize: 50))
    let clips = try call(
      .searchMediaClips(mediaID: mediaID, faceSearchToken: search.faceSearchToken))
    #expect(clips.total == clips.mediaClipList.count)
    return clips.mediaClipList.flatMap(\.occurrencesInfos).map { ($0.startTime, $0.endTime) }
      .sorted { $0.0 < $1.0 }
  }

  fileprivate func video(_ path: String) throws -> MediaMessage {
    try call(.medium(inputURL: path)).mediaInfo
  }
}

/// Whether intervals are those of the labels, each end to a quarter of a second.
private func agree(_ found: [(start: Double, end: Double)], _ expected: [[Double]]) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy {
      abs($0.start - $1[0]) <= 0.25 && abs($0.end - $1[1]) <= 0.25
    }
}

/// Videos in, clips out.
@Suite struct VideoTests {
  /// By the file's own words; a clock that was never set says nothing.
  @Test(arguments: [
    ("a.mp4", "-metadata creation_time=2021-06-29T06:50:13Z", "2021-06-29T06:50:13+00:00"),
    (
      "b.mov",
      "-movflags use_metadata_tags -metadata creation_time=2021-06-30T01:00:00Z "
        + "-metadata com.apple.quicktime.creationdate=2021-06-29T14:50:13+0800",
      "2021-06-29T14:50:13+08:00"
    ),
    ("c.mkv", "-metadata creation_time=1970-01-01T00:00:00Z", nil), ("d.mp4", "", nil),
  ])
  func tellsWhenItWasTaken(name: String, tags: String, expected: String?) throws {
    let daemon = try DaemonProcess()
    let path = daemon.folder.appending(path: name).path
    try TestVideos.make(path, "-i \(TestVideos.example) -t 4 -c copy \(tags)")
    let client = try daemon.client()
    let task = try client.call(.importMedia(paths: [path], wait: true)).task
    #expect(task.status == .succeeded && task.progress.refused == 0)
    let people = try client.call(.figureClusters(library: "default")).figureClusters
    #expect(try #require(people.first?.cover).produceTime == expected)
  }

  @Test func theExampleVideoShowsBothPeopleWhenTheyAreThere() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let people = try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true)).task
    let clusters = try client.call(.status).counts.figureClusters
    let task = try client.call(.importMedia(paths: [TestVideos.example], wait: true)).task
    #expect(people.status == .succeeded && task.progress.refused == 0)
    #expect(task.progress.videoSeconds == task.progress.videoSecondsTotal)

    let video = try client.video(TestVideos.example)
    let labels = try TestVideos.labels()
    for person in ["p01", "p02", "p03", "p04"] {
      let times = try client.times(of: person, in: video.mediaID)
      #expect(agree(times, labels[person] ?? []), "\(person): \(times)")
    }
    // Nobody else, and nobody new.
    #expect(video.figures?.count == 3)
    #expect(Set(video.figures?.compactMap(\.figureClusterID) ?? []).count == 2)
    #expect(try client.call(.status).counts.figureClusters == clusters)
    #expect(video.mediaBasicInfo?.mediaType == "video")
    #expect(video.fileInfoList?.first?.fileBasicInfo.duration == "12.0")

    let cluster = try #require(video.figures?.first?.figureClusterID)
    let person = try client.call(.figureCluster(cluster)).figureCluster
    #expect(person.videoCount == 1 && person.faceCount == person.imageCount + 2)

    // A line with a name tells when the named person is seen; so does a search for the name alone.
    let name = "Somebody"
    try client.call(.nameCluster(cluster, name: name))
    let seen = try #require(video.figures?.filter { $0.figureClusterID == cluster })
      .flatMap { $0.appearances ?? [] }.map { [$0.startTime, $0.endTime] }.sorted { $0[0] < $1[0] }
    for (method, parameters) in [
      ("SearchMediaByHybrid", ["Text": .string("\(name) in videos")] as [String: JSONValue]),
      (
        "SearchMediaByAILabel",
        ["Text": "some", "MultimodalSearchType": "PersonName", "SpecificSearch": true]
      ),
    ] {
      let result: SearchMediaByHybridResult = try client.call(FaceRequest(method, parameters))
      let found = try #require(result.mediaList.first { $0.mediaID == video.mediaID })
      let clips = found.clipInfo.map { [$0.from ?? -1, $0.to ?? -1] }.sorted { $0[0] < $1[0] }
      #expect(!seen.isEmpty && clips == seen)
      #expect(found.clipInfo.allSatisfy { $0.labelName == name && $0.figureClusterID == cluster })
    }
    try client.call(.nameCluster(cluster, name: ""))

    let again = try client.call(.importMedia(paths: [TestVideos.example], wait: true)).task
    #expect(again.progress.unchanged == 1)
    _ = try client.call(.deleteMedia([video.mediaID]))
    #expect(try client.call(.figureCluster(cluster)).figureCluster.videoCount == 0)

    // Registered, it is analysed once for one token.
    let register = FaceRequest<InsertMediaResult>(
      "RegisterMediaInfo",
      ["InputURL": .string(TestVideos.example), "ClientToken": "twelve-seconds"])
    let registered = try client.call(register)
    #expect(registered.outcome == "Added" && registered.mediaInfo.figures?.count == 3)
    #expect(try client.call(register) == registered)

    // Asked to, it is analysed again, and its faces stay who they are.
    let rerun: RerunResult = try client.call(
      FaceRequest("SearchIndexJobRerun", ["MediaIds": [.string(registered.mediaID)]]))
    #expect(rerun.mediaIDs == [registered.mediaID] && rerun.failures.isEmpty)
    let job = try #require(rerun.taskIDs?.first)
    let done = try client.call(.waitForTask(job)).task
    #expect(done.status == .succeeded && done.progress.faces == 3)
    let after = try client.video(TestVideos.example).figures?.map(\.figureClusterID)
    #expect(after == registered.mediaInfo.figures?.map(\.figureClusterID))
    #expect(daemon.children.isEmpty)
  }

  @Test func videosOfManyKindsAreReadOrRefusedWithAReason() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let folder = daemon.folder.appending(path: "videos")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func path(_ name: String) -> String { folder.appending(path: name).path }
    let source = "-i \(TestVideos.example)"
    try TestVideos.make(path("h264.mp4"), "\(source) -c copy -movflags +faststart")
    try TestVideos.make(path("hevc.mp4"), "\(source) -c:v libx265 -preset ultrafast")
    try TestVideos.make(
      path("vp9.webm"), "\(source) -c:v libvpx-vp9 -deadline realtime -cpu-used 8")
    try TestVideos.make(path("mpeg4.avi"), "\(source) -c:v mpeg4 -q:v 4")
    try TestVideos.make(
      path("variable.mkv"),
      "\(source) -vf select='not(mod(n,3))+not(mod(n,7))' -vsync vfr -c:v libx264 "
        + "-preset ultrafast")
    try TestVideos.make(
      path("turned.mp4"), "\(source) -vf transpose=2 -c:v libx264 -preset ultrafast")
    try TurnedVideo.turn(path("turned.mp4"), clockwise: 90)
    try TestVideos.make(path("sound.m4a"), "-f lavfi -i sine=d=2")
    for name in ["longer-sound.mp4", "longer-sound.mkv"] {
      try TestVideos.make(
        path(name), "-f lavfi -i sine=d=16 \(source) -map 1:v -map 0:a -c:v copy -c:a aac")
    }
    try TestVideos.make(path("late.mkv"), "\(source) -c copy -output_ts_offset 100")
    try TestVideos.make(
      path("black.mp4"),
      "-f lavfi -i color=black:s=320x180:r=5:d=3600 -c:v libx264 -preset ultrafast")
    let whole = try Data(contentsOf: URL(filePath: path("h264.mp4")))
    try whole.prefix(whole.count / 2).write(to: URL(filePath: path("truncated.mp4")))
    try Data().write(to: URL(filePath: path("empty.mp4")))
    try Data("no video".utf8).write(to: URL(filePath: path("text.mp4")))
    try Data("no video".utf8).write(to: URL(filePath: path("notes.txt")))
    // The library's people are known.
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    let task = try client.call(.importMedia(paths: [folder.path], wait: true)).task
    #expect(task.status == .succeeded)
    #expect(task.progress.skipped == 1)
    let refusals = Dictionary(
      uniqueKeysWithValues: (task.refusals ?? []).map {
        (URL(string: $0.inputURL)?.lastPathComponent ?? "", $0)
      })
    #expect(Set(refusals.keys) == ["sound.m4a", "empty.mp4", "text.mp4"])
    #expect(refusals["sound.m4a"]?.code == "InvalidVideo")
    #expect(refusals["sound.m4a"]?.message.contains("no pictures") == true)
    #expect(refusals["empty.mp4"]?.code == "InvalidVideo")
    #expect(refusals["text.mp4"]?.code == "InvalidImage")

    let labels = try TestVideos.labels()
    for name in [
      "h264.mp4", "hevc.mp4", "vp9.webm", "mpeg4.avi", "variable.mkv", "turned.mp4",
      "longer-sound.mp4", "longer-sound.mkv", "late.mkv",
    ] {
      let video = try client.video(path(name))
      #expect(video.indexStatusList?.first?.reason == nil, "\(name)")
      for person in ["p01", "p02", "p03"] {
        let times = try client.times(of: person, in: video.mediaID)
        #expect(agree(times, labels[person] ?? []), "\(name) \(person): \(times)")
      }
      #expect(video.fileInfoList?.first?.fileBasicInfo.width == "640", "\(name)")
      for figure in video.figures ?? [] {
        #expect(figure.boundary.left > 0 && figure.boundary.left + figure.boundary.width < 640)
      }
    }
    let black = try client.video(path("black.mp4"))
    #expect(black.figures?.isEmpty == true)
    #expect(black.indexStatusList?.first?.indexStatus == "Success")
    let truncated = try client.video(path("truncated.mp4"))
    #expect(truncated.indexStatusList?.first?.reason?.contains("ends early") == true)
    #expect(truncated.figures?.isEmpty == false)
    #expect(daemon.children.isEmpty)
  }

  @Test func aPassedVideoAndOneGivenFrameByFrameAreAsGood() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    let labels = try TestVideos.labels()
    let passed = try client.call(
      .insertMedia(.file(OpenFile(path: TestVideos.example)), name: "passed.mp4"))
    #expect(passed.outcome == "Added")
    for person in ["p01", "p02"] {
      #expect(agree(try client.times(of: person, in: passed.mediaID), labels[person] ?? []))
    }
    let frames = daemon.folder.appending(path: "frames")
    try FileManager.default.createDirectory(at: frames, withIntermediateDirectories: true)
    try TestVideos.make(
      frames.path + "/%04d.jpg", "-i \(TestVideos.example) -vf fps=5:round=up:start_time=0 -q:v 2")
    let names = try FileManager.default.contentsOfDirectory(atPath: frames.path).sorted()
    #expect(names.count == 60)

    let bare = try DaemonProcess(
      configuration: "[video]\nffmpeg = \"/nowhere/ffmpeg\"\nffprobe = \"/nowhere/ffprobe\"\n")
    let other = try bare.client()
    try other.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    let listed = try other.call(
      .insertVideo(
        frames: names.enumerated().map { (Double($0.offset) / 5, frames.path + "/" + $0.element) },
        name: "listed"))
    for person in ["p01", "p02", "p03"] {
      let times = try other.times(of: person, in: listed.mediaID)
      #expect(agree(times, labels[person] ?? []), "\(person): \(times)")
    }
    let figures = try other.call(.figures(of: .library("default"), pageSize: 500)).figures
      .filter { $0.mediaID == listed.mediaID }
    #expect(figures.count == 3 && figures.allSatisfy { $0.gender != nil && $0.headPose != nil })
    // Without its programs, the daemon says what to install.
    #expect {
      try other.call(.insertMedia(.file(OpenFile(path: TestVideos.example)), name: "video.mp4"))
    } throws: {
      guard case .refused(let error) = $0 as? ClientError else { return false }
      return error.code == .videoReaderMissing && error.message.contains("Debian package ffmpeg")
    }
    #expect {
      try other.call(
        .insertVideo(
          frames: [(1, frames.path + "/0001.jpg"), (1, frames.path + "/0002.jpg")], name: "x"))
    } throws: { ($0 as? ClientError)?.code == .invalidParameter }
  }

  /// What to do instead is said, whether or not the request calls it a video.
  @Test(arguments: [nil, "video"])
  func aVideoWithinTheRequestIsRefused(mediaType: String?) throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let content = try Data(contentsOf: URL(filePath: TestVideos.example)).base64EncodedString()
    var parameters: [String: JSONValue] = [
      "Input": ["Base64": .string(content)], "InputURL": "/videos/within.mp4",
    ]
    parameters["MediaType"] = mediaType.map { .string($0) }
    #expect {
      let _: JSONValue = try client.call(
        FaceRequest.raw("InsertMediaToSearchLib", parameters))
    } throws: {
      guard case .refused(let error) = $0 as? ClientError else { return false }
      return error.code == .videoInvalid && error.message.contains("within a request")
        && error.hint?.contains("a passed descriptor") == true
    }
  }

  @Test func cancellingEndsTheProgram() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let long = daemon.folder.appending(path: "long.mp4").path
    try TestVideos.make(long, "-stream_loop 200 -i \(TestVideos.example) -c copy")
    let task = try client.call(.importMedia(paths: [long])).task
    try daemon.wait { !daemon.children.isEmpty }
    #expect(try client.call(.cancelTask(task.taskID)).task.taskID == task.taskID)
    #expect(try client.call(.waitForTask(task.taskID)).task.status == .cancelled)
    #expect(daemon.children.isEmpty)

    let request = try client.start(.insertMedia(.file(OpenFile(path: long)), name: "long"))
    try daemon.wait { !daemon.children.isEmpty }
    request.cancel()
    try daemon.wait { daemon.children.isEmpty }
    #expect(try client.call(.status).counts.media == 0)
  }

  @Test func anInterruptedVideoGoesOnWhereItStopped() throws {
    let daemon = try DaemonProcess()
    let long = daemon.folder.appending(path: "long.mp4").path
    try TestVideos.make(long, "-stream_loop 19 -i \(TestVideos.example) -c copy")
    func progress(_ task: String) throws -> TaskMessage {
      try daemon.client().call(.task(task)).task
    }
    let task = try daemon.client().call(.importMedia(paths: [long])).task.taskID
    try daemon.wait { try progress(task).progress.videoSeconds ?? 0 > 30 }
    #expect(daemon.kill(SIGTERM) == 0)
    #expect(daemon.children.isEmpty)
    try daemon.start()
    var first: Double?
    try daemon.wait {
      let now = try progress(task)
      if first == nil, let seconds = now.progress.videoSeconds { first = seconds }
      return now.status.isFinal
    }
    #expect(first ?? 0 > 25)
    let ended = try progress(task)
    #expect(ended.status == .succeeded && ended.progress.refused == 0)
    let figures = try #require(try daemon.client().video(long).figures)
    // Of 20 loops: the second person in each, the first from each end into the next beginning.
    let appearances = figures.flatMap { $0.appearances ?? [] }
    #expect(appearances.count == 41)
    #expect(figures.compactMap(\.figureClusterID).count == figures.count)
  }
}

/// Videos that say that they are to be turned.
enum TurnedVideo {
  /// Writes a rotation of 90° into the header of an MP4 file's only track (ISO/IEC 14496-12, `tkhd`).
  static func turn(_ path: String, clockwise degrees: Int) throws {
    precondition(degrees == 90)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("tkhd".utf8)) })
    let matrix: [UInt32] = [0, 0x0001_0000, 0, 0xFFFF_0000, 0, 0, 0, 0, 0x4000_0000]
    for (index, value) in matrix.enumerated() {
      for byte in 0..<4 {
        bytes[place + 44 + 4 * index + byte] = UInt8(
          truncatingIfNeeded: value >> (8 * (3 - byte)))
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }
}
