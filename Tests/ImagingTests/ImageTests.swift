import Imaging
import Testing

@Suite struct ImageTests {
  @Test func decodingGivesBackAnEncodedImage() throws {
    let image = Image(width: 33, height: 17, gray: 77)
    let decoded = try ImageDecoder().decode(JPEGEncoder.encode(image, quality: 90))
    #expect(decoded.image == image)
    #expect(decoded.scale == 1)
    #expect(decoded.info == ImageInfo(format: .jpeg, storedWidth: 33, storedHeight: 17))
  }
}
