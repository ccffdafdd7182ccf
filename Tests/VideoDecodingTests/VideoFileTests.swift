import Foundation
import Imaging
import Testing
import VideoDecoding

/// A folder for made videos, which is removed in the end.
private final class Folder: Sendable {
  let url = URL(filePath: "/tmp/figured-video-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Runs ffmpeg, which writes a file here.
  func make(_ name: String, _ arguments: String) throws -> String {
    let path = path(name)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ffmpeg")
    process.arguments =
      ["-nostdin", "-v", "error", "-y"] + arguments.split(separator: " ").map(String.init) + [path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return path
  }

  /// A program that does something else instead of decoding.
  func script(_ text: String) throws -> String {
    let path = path("program")
    try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o755)
    return path
  }
}

private let example = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Examples/library/video/two_people.mp4").path

@discardableResult
private func withVideo<Result>(
  _ path: String, policy: VideoPolicy = VideoPolicy(), isCancelled: () -> Bool = { false },
  _ body: (VideoFile) throws -> Result
) throws -> Result {
  let handle = try FileHandle(forReadingFrom: URL(filePath: path))
  defer { try? handle.close() }
  let size = try handle.seekToEnd()
  return try body(
    VideoFile(
      descriptor: handle.fileDescriptor, byteCount: Int(size), policy: policy,
      isCancelled: isCancelled))
}

private func frames(
  of video: VideoFile, rate: Double = 5, from start: Double = 0
) throws -> [VideoFrames.Frame] {
  var source = try video.frames(rate: rate, from: start)
  var frames: [VideoFrames.Frame] = []
  while let frame = try source.next() { frames.append(frame) }
  return frames
}

/// The mean difference of two images' bytes.
private func difference(_ a: Image, _ b: Image) -> Double {
  guard a.width == b.width, a.height == b.height else { return .infinity }
  let sum = zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(a.pixels.count)
}

/// Programs that this process has started and that have not been waited for.
private func children(named name: String) -> Int {
  let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return processes.count { process in
    guard Int(process) != nil,
      let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    else { return false }
    return status.contains("PPid:\t\(getpid())\n") && status.hasPrefix("Name:\t\(name)\n")
  }
}

@Suite(.serialized) struct VideoFileTests {
  @Test func readsFactsAndFramesAtASteadyRate() throws {
    try withVideo(example) { video in
      #expect(video.facts.width == 640 && video.facts.height == 360)
      #expect(video.facts.duration == 12)
      #expect(video.facts.frameRate == 25)
      #expect(video.facts.codec == "h264")
      let frames = try frames(of: video, rate: 10)
      #expect(frames.count == 120)
      #expect(zip(frames, 0...).allSatisfy { abs($0.0.time - Double($0.1) / 10) < 1e-9 })
      #expect(frames.allSatisfy { $0.image.width == 640 && $0.image.height == 360 })
    }
  }

  @Test func beginsInTheMiddleWithTheSameFrames() throws {
    try withVideo(example) { video in
      let whole = try frames(of: video)
      let rest = try frames(of: video, from: 4)
      #expect(rest.map(\.time) == whole.map(\.time).filter { $0 >= 4 })
      #expect(zip(rest, whole.dropFirst(20)).allSatisfy { difference($0.image, $1.image) < 1 })
    }
  }

  @Test func showsFramesOfAVariableRateWhenAPlayerDoes() throws {
    let folder = try Folder()
    let path = try folder.make(
      "vfr.mkv",
      "-i \(example) -vf select='not(mod(n,3))+not(mod(n,7))' -vsync vfr -c:v libx264 "
        + "-preset ultrafast -qp 10")
    let all = try withVideo(example) { try frames(of: $0, rate: 25) }
    let variable = try withVideo(path) { try frames(of: $0) }
    #expect((59...61).contains(variable.count))
    for frame in variable {
      // Of three frames in a row at least one was kept; the last of these is shown.
      let shown = all.filter { $0.time <= frame.time + 0.001 }.suffix(4)
      #expect(shown.map { difference($0.image, frame.image) }.min() ?? 255 < 6, "\(frame.time)")
    }
  }

  @Test(arguments: [(2, 90), (1, 270)])
  func turnsFramesUpright(transposition: Int, rotation: Int) throws {
    let folder = try Folder()
    let path = try folder.make(
      "turned.mp4",
      "-i \(example) -t 2 -vf transpose=\(transposition) -c:v libx264 -preset ultrafast -qp 10")
    try TurnedVideo.turn(path, clockwise: rotation)
    try withVideo(path) { video in
      #expect(video.facts.rotation == rotation)
      #expect(video.facts.storedWidth == 360 && video.facts.width == 640)
      let upright = try withVideo(example) { try frames(of: $0) }
      for (a, b) in zip(try frames(of: video), upright) {
        #expect(difference(a.image, b.image) < 4)
      }
    }
  }

  @Test func givesSquarePixelsAndReducesLargeFrames() throws {
    let folder = try Folder()
    let path = try folder.make(
      "wide.mkv", "-f lavfi -i testsrc=s=720x576:d=1:r=25 -vf setsar=16/11 -c:v mpeg4")
    var policy = VideoPolicy()
    policy.frameLongSide = 524
    try withVideo(path, policy: policy) { video in
      #expect(video.facts.width == 1047 && video.facts.height == 576)
      let first = try frames(of: video).first
      #expect(first?.image.width == 524)
      #expect(abs(video.facts.shownPerDecodedPixel(policy) - 2) < 0.01)
    }
  }

  @Test func refusesWhatIsNoVideo() throws {
    let folder = try Folder()
    let sound = try folder.make("sound.m4a", "-f lavfi -i sine=d=1")
    #expect(throws: VideoError.noPictures) { try withVideo(sound) { _ in } }
    let empty = folder.path("empty.mp4")
    try Data().write(to: URL(filePath: empty))
    #expect(throws: VideoError.empty) { try withVideo(empty) { _ in } }
    let text = folder.path("text.mp4")
    try Data(repeating: 65, count: 5000).write(to: URL(filePath: text))
    #expect {
      try withVideo(text) { _ in }
    } throws: {
      guard case .unreadable = $0 as? VideoError else { return false }
      return true
    }
  }

  /// A playlist would have other files, or the network, read.
  @Test func followsNoPlaylist() throws {
    let folder = try Folder()
    for (name, text) in [
      ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n\(example)\n#EXT-X-ENDLIST\n"),
      ("list.ffconcat", "ffconcat version 1.0\nfile \(example)\n"),
    ] {
      let path = folder.path(name)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: VideoError.self) { try withVideo(path) { _ in } }
    }
  }

  @Test func readsATruncatedFileAsFarAsItGoes() throws {
    let folder = try Folder()
    let path = try folder.make("whole.mp4", "-i \(example) -c copy -movflags +faststart")
    let content = try Data(contentsOf: URL(filePath: path))
    try content.prefix(content.count * 3 / 5).write(to: URL(filePath: path))
    let count = try withVideo(path) { try frames(of: $0).count }
    #expect((10..<60).contains(count))
    // Without its table of contents, which is at the end, nothing can be read.
    let other = folder.path("headless.mp4")
    let original = try Data(contentsOf: URL(filePath: example))
    try original.prefix(original.count * 3 / 5).write(to: URL(filePath: other))
    if (try? withVideo(other) { _ in }) == nil {
      #expect {
        try withVideo(other) { _ in }
      } throws: { "\($0)".contains("moov atom not found") }
    }
  }

  @Test func namesThePackageWhenTheProgramIsMissing() throws {
    var policy = VideoPolicy()
    policy.ffprobePath = "/nowhere/ffprobe"
    #expect {
      try withVideo(example, policy: policy) { _ in }
    } throws: {
      $0 as? VideoError == .programMissing(path: "/nowhere/ffprobe")
        && "\($0)".contains("Debian package ffmpeg")
    }
  }

  @Test func killsAProgramThatGivesNothing() throws {
    let folder = try Folder()
    var policy = VideoPolicy()
    policy.ffmpegPath = try folder.script("exec sleep 100")
    policy.stallLimit = .seconds(3)
    try withVideo(example, policy: policy) { video in
      #expect(throws: VideoError.stalled(seconds: 3)) { try frames(of: video) }
    }
    #expect(children(named: "sleep") == 0)
  }

  @Test func anEndedReaderEndsTheProgram() throws {
    do {
      let handle = try FileHandle(forReadingFrom: URL(filePath: example))
      let video = try VideoFile(
        descriptor: handle.fileDescriptor, byteCount: 257_481, policy: VideoPolicy())
      var source = try video.frames(rate: 25)
      #expect(try source.next() != nil)
      #expect(children(named: "ffmpeg") == 1)
      #expect(throws: VideoError.cancelled) { try source.next { true } }
    }
    #expect(children(named: "ffmpeg") == 0)
    #expect(children(named: "ffprobe") == 0)
  }

  @Test func aProgramHasLimitsAndNothingElseOpen() throws {
    let folder = try Folder()
    let report = folder.path("report")
    var policy = VideoPolicy()
    policy.addressSpaceLimit = 512 << 20
    policy.ffmpegPath = try folder.script(
      "{ ulimit -v; ulimit -c; ls /proc/self/fd | tr '\\n' ' '; } >&2")
    try withVideo(example, policy: policy) { video in
      var source = try video.frames(rate: 5)
      _ = try? source.next()
      let complaint = source.complaint
      // ls itself has the folder open as one more.
      #expect(complaint.split(separator: " ").count <= 5, "\(complaint)")
    }
    policy.ffmpegPath = try folder.script("ulimit -v >&2")
    try withVideo(example, policy: policy) { video in
      #expect(throws: VideoError.undecodable(reason: "524288")) { try frames(of: video) }
    }
    #expect(!FileManager.default.fileExists(atPath: report))
  }
}

@Suite struct VideoContainerTests {
  @Test func knowsAVideoFromAPicture() {
    func container(_ text: String) -> VideoContainer? {
      VideoContainer(header: Array(text.utf8))
    }
    #expect(container("\0\0\0\u{18}ftypisom") == .mp4)
    #expect(container("\0\0\0\u{18}ftypqt  ") == .mp4)
    #expect(container("\0\0\0\u{18}ftypheic") == nil)
    #expect(container("\0\0\0\u{18}ftypavif") == nil)
    #expect(container("RIFF1234AVI LIST") == .avi)
    #expect(container("RIFF1234WEBPVP8 ") == nil)
    #expect(container("OggS") == .ogg)
    #expect(container("") == nil)
    #expect(VideoContainer(header: [0x1A, 0x45, 0xDF, 0xA3]) == .matroska)
    var packets = [UInt8](repeating: 0, count: 564)
    for index in [0, 188, 376] { packets[index] = 0x47 }
    #expect(VideoContainer(header: packets) == .mpegts)
  }
}

/// Videos that say that they are to be turned.
enum TurnedVideo {
  /// Writes a rotation into the header of an MP4 file's only track (ISO/IEC 14496-12, `tkhd`).
  static func turn(_ path: String, clockwise degrees: Int) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let mark = Array("tkhd".utf8)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: mark) }, "the file has a track")
    // After the mark: version and flags, 20 bytes of times, 16 bytes of layer and volume.
    let start = place + 44
    let one: UInt32 = 0x0001_0000
    let matrix: [UInt32] =
      degrees == 90
      ? [0, one, 0, 0 &- one, 0, 0, 0, 0, 0x4000_0000]
      : [0, 0 &- one, 0, one, 0, 0, 0, 0, 0x4000_0000]
    for (index, value) in matrix.enumerated() {
      for byte in 0..<4 {
        bytes[start + 4 * index + byte] = UInt8(truncatingIfNeeded: value >> (8 * (3 - byte)))
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }
}
