internal import FaceStore
internal import FaceTypes
internal import Imaging
internal import VideoDecoding
internal import WireProtocol

/// Why a stored figure could not be seen in its medium again; the raw values are those of the wire.
enum MediumObstacle: String, Error {
  /// It was passed to the daemon, which has no path to it.
  case noPath = "NoPath"
  /// It is gone, or the daemon may not read it.
  case unreadable = "Unreadable"
  /// Its content is not what was analysed.
  case changed = "Changed"
  /// It can no longer be decoded.
  case undecodable = "Undecodable"
  /// The face was not found in it again.
  case faceNotFound = "FaceNotFound"
  /// It is a video, of which only the small pictures that are kept would serve, and there is none.
  case noPicture = "NoPicture"

  /// Does something with a medium's file, and says what was in the way.
  ///
  /// - Throws: ``MediumObstacle`` for what is wrong with the medium; else what `body` throws.
  static func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch VideoError.cancelled {
      throw VideoError.cancelled
    } catch is WireError {
      throw MediumObstacle.unreadable
    } catch is FileReadingError {
      throw MediumObstacle.unreadable
    } catch is ImageError {
      throw MediumObstacle.undecodable
    } catch is VideoError {
      throw MediumObstacle.undecodable
    }
  }
}

extension ImageSource {
  /// Opens the file of a medium.
  ///
  /// - Throws: ``MediumObstacle`` or ``WireError``.
  func open(_ medium: MediaRecord) throws -> OpenFile {
    guard let path = filePath(medium.uri) else { throw MediumObstacle.noPath }
    return try open(path)
  }

  /// The bytes of a stored photograph, as they were analysed.
  ///
  /// - Throws: ``MediumObstacle``, ``WireError`` or ``FileReadingError``.
  func bytes(of medium: MediaRecord, in file: borrowing OpenFile) throws -> [UInt8] {
    let image = try file.load(limit: byteLimit)
    guard image.sha256() == medium.content.sha256 else { throw MediumObstacle.changed }
    return image.bytes
  }
}
