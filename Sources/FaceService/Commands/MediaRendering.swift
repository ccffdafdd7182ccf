internal import ContentHash
internal import FaceStore
internal import FaceTypes
internal import FoundationEssentials
internal import WireProtocol

extension MediaRecord {
  /// The last part of the URI's path.
  var fileName: String? {
    uri.split(separator: "/").last.map { $0.percentDecoded ?? String($0) }
  }

  /// The MIME type of the content.
  var contentType: String? { content.format.map { "\(mediaType.rawValue)/\($0)" } }

  private var statusWord: String {
    switch status {
    case .registered, .analysing: "Preparing"
    case .ready: "Normal"
    case .failed: "Failed"
    }
  }

  /// How far the analysis has come.
  func indexStatus(_ video: VideoContent?) -> MediaMessage.IndexStatus {
    switch status {
    case .registered, .analysing:
      .init(indexType: "face", indexStatus: "Running", reason: nil)
    case .ready: .init(indexType: "face", indexStatus: "Success", reason: video?.note)
    case .failed(let code, let message):
      .init(indexType: "face", indexStatus: "Fail", reason: "\(code): \(message)")
    }
  }

  private var basicInfo: MediaMessage.BasicInfo {
    var info = MediaMessage.BasicInfo(
      mediaID: publicID.asMedia, inputURL: uri, mediaType: mediaType.rawValue, status: statusWord,
      createTime: created.iso8601, modifiedTime: updated.iso8601)
    info.title = details.title
    info.description = details.description
    info.mediaTags = details.tags.isEmpty ? nil : details.tags.joined(separator: ",")
    info.userData = details.userData
    info.referenceID = details.referenceID
    info.namespace = details.namespace
    info.visionDescription = details.texts.first { $0.kind == .caption }?.content
    info.source = uri.firstRange(of: "://").map { String(uri[..<$0.lowerBound]) }
    return info
  }

  private func fileInfo(_ video: VideoContent?) -> MediaMessage.FileInfo {
    var info = MediaMessage.FileBasicInfo(
      fileURL: uri, fileStatus: "Normal", createTime: created.iso8601)
    info.fileName = fileName
    info.fileSize = content.byteCount.map { "\($0)" }
    info.formatName = content.format
    info.width = content.dimensions.map { "\($0.width)" }
    info.height = content.dimensions.map { "\($0.height)" }
    info.modifiedTime = content.modified?.iso8601
    info.duration = video?.duration.map { "\(($0 * 1000).rounded() / 1000)" }
    info.frameRate = video?.frameRate.map { "\(($0 * 1000).rounded() / 1000)" }
    info.codec = video?.codec
    return MediaMessage.FileInfo(fileBasicInfo: info)
  }

  private var customFieldsText: String? {
    guard !details.customFields.isEmpty else { return nil }
    let fields = details.customFields.mapValues { value -> JSONValue in
      switch value {
      case .integer(let number): .integer(number)
      case .text(let text): .string(text)
      }
    }
    return (try? LineCodec.content(JSONValue.object(fields)))
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The medium in the shape of Intelligent Media Services.
  ///
  /// - Parameters:
  ///   - figures: Of the medium, if they are wanted.
  ///   - video: What is known of it besides, if it is one.
  /// - Returns: the message.
  func message(figures: [FigureMessage]? = nil, video: VideoContent? = nil) -> MediaMessage {
    var message = MediaMessage(mediaID: publicID.asMedia)
    message.mediaBasicInfo = basicInfo
    message.fileInfoList = [fileInfo(video)]
    message.indexStatusList = [indexStatus(video)]
    message.customFields = customFieldsText
    message.figures = figures
    return message
  }

  /// The medium in the shape of Intelligent Media Management.
  func file(in library: LibraryRecord, figures: [FigureMessage]) -> FileMessage {
    var file = FileMessage(
      projectName: projectName, datasetName: library.name, objectID: publicID.asMedia, uri: uri,
      mediaType: mediaType.rawValue, createTime: created.iso8601, updateTime: updated.iso8601)
    file.filename = fileName
    file.contentType = contentType
    file.size = content.byteCount
    file.fileHash = content.sha256.flatMap(SHA256Digest.init(bytes:))?.hexadecimal
    file.fileModifiedTime = content.modified?.iso8601
    file.produceTime = content.captureTime?.iso8601
    file.latLong = content.position.map { "\(degrees($0.latitude)),\(degrees($0.longitude))" }
    file.title = details.title
    file.imageWidth = content.dimensions?.width
    file.imageHeight = content.dimensions?.height
    file.orientation = content.dimensions?.orientation
    file.figures = figures
    return file
  }
}

/// Degrees with six decimals, which is a tenth of a metre.
private func degrees(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

/// The one project that every library belongs to; the reference groups datasets in projects.
let projectName = "default"
