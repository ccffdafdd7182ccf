extension Setting {
  /// Every key that a configuration file may have.
  static let all: [Setting] = sections.flatMap(\.settings)

  /// In the order of the shipped file.
  static let sections: [SettingSection] = [
    service, access, limits, analysis, attributes, video, storage, importing, memory,
  ]

  private static let service = SettingSection("service", "Where the daemon finds its things.") {
    section in
    [
      Setting(
        section, "socket", \.service.socketPath, .path,
        "The socket to listen at when the service manager passes none."),
      Setting(
        section, "socket-mode", \.service.socketMode, .fileMode,
        "Permissions of a socket that the daemon makes itself. Connecting takes write permission."),
      Setting(
        section, "socket-group", \.service.socketGroup, .group,
        "Group of the socket. Of one that the daemon makes itself, empty means the daemon's own group, "
          + "and that $socket-group below stands for nobody."),
      Setting(
        section, "state-directory", \.service.stateDirectory, .path,
        "The database and its keys. STATE_DIRECTORY, which systemd sets, comes first."),
      Setting(
        section, "models-directory", \.service.modelsDirectory, .path,
        "The neural networks."),
      Setting(
        section, "previous-models-directory", \.service.previousModelsDirectory,
        .optionalPath,
        "Those of the release before: a library embedded by them is served by them until it is "
          + "changed over (figurectl model). Empty means models-directory with \"-previous\" after "
          + "it, where an installation keeps them."),
      Setting(
        section, "log-level", \.service.logLevel, .choice,
        "The least important events to log: error, warning, notice, info or debug."),
      Setting(
        section, "stop-timeout", \.service.stopTimeout,
        .duration(.seconds(1)...(.seconds(600))),
        "How long answers may take after the daemon was told to stop. Keep it below the "
          + "TimeoutStopSec of the unit."),
    ]
  }

  private static let access = SettingSection(
    "access",
    "Who may do what. Entries are user names, numeric user ids, \"@group\", \"@\" with a numeric "
      + "group id, \"$daemon\" (the user that the daemon runs as) or \"$socket-group\" (members of "
      + "the group that socket-group names; nobody while it is empty). Everybody has the highest "
      + "role that lists them; nobody else may do anything."
  ) { section in
    [
      Setting(
        section, "admin", \.access.admins, .principals,
        "May do everything, including deleting libraries."),
      Setting(
        section, "curator", \.access.curators, .principals,
        "May read, import, name and merge."),
      Setting(section, "reader", \.access.readers, .principals, "May search and read."),
    ]
  }

  private static let limits = SettingSection("limits", "What clients may use up.") { section in
    [
      Setting(
        section, "connections", \.limits.connections, .integer(1...4_096),
        "Connections at once; one more is told so and closed."),
      Setting(
        section, "connections-per-user", \.limits.connectionsPerUser, .integer(1...4_096),
        "Connections at once of one user. Below the limit of connections, it keeps a place for others."
      ),
      Setting(
        section, "line-size", \.limits.lineBytes, .size(4_096...(32 << 20)),
        "The longest request. Images inside of requests (base64) need more than the default."),
      Setting(
        section, "held-lines-size", \.limits.totalLineBytes, .size((1 << 20)...(16 << 30)),
        "Requests that are being received or waiting, all connections together."),
      Setting(
        section, "send-queue-size", \.limits.sendQueueBytes, .size((64 << 10)...(1 << 30)),
        "Answers that a client has not read yet; more of them, and it is disconnected."),
      Setting(
        section, "requests-per-connection", \.limits.requestsPerConnection, .integer(1...1_024),
        "Unanswered requests of a connection at once; one more is refused."),
      Setting(
        section, "request-threads", \.limits.requestThreads, .integer(1...64),
        "Threads that answer requests, beside the workers that analyse images."),
      Setting(
        section, "image-size", \.limits.imageBytes, .size((64 << 10)...(1 << 30)),
        "The largest image file."),
      Setting(
        section, "image-pixels", \.limits.imagePixels, .integer(10_000...1_000_000_000),
        "The largest image, width times height."),
      Setting(
        section, "image-scans", \.limits.progressiveScans, .integer(1...1_000),
        "Scans of a progressive JPEG. Each costs as much as decoding the whole image."),
      Setting(
        section, "faces-per-image", \.limits.facesPerImage, .integer(1...10_000),
        "Faces of one image that are kept, the most certain first."),
      Setting(
        section, "query-token-lifetime", \.limits.queryTokenLifetime,
        .duration(.seconds(10)...(.seconds(86_400))),
        "How long a search can be continued."),
    ]
  }

  private static let analysis = SettingSection("analysis", "How faces are found.") { section in
    [
      Setting(
        section, "workers", \.analysis.workers, .integer(0...256),
        "Images analysed at once; 0 for one on each processor that the daemon may use."),
      Setting(
        section, "nice-level", \.analysis.niceLevel, .integer(0...19),
        "How far analysis stands back behind other work; 19 is the furthest."),
      Setting(
        section, "detection-score", \.analysis.minimumDetectionScore, .decimal(0.1...0.99),
        "How certain the detector must be that something is a face. Lower finds more faces and "
          + "more things that are none."),
      Setting(
        section, "first-pass-long-side", \.analysis.firstPassLongSide, .integer(320...8_192),
        "Pixels of the long side to which an image is reduced at first. More finds smaller faces "
          + "and takes longer."),
      Setting(
        section, "processor", \.analysis.processorLevel, .choice,
        "Processor instructions to use: auto, baseline, avx2 or avx512."),
      Setting(
        section, "precision", \.analysis.precision, .choice,
        "Numbers that embeddings are computed with: float32, or auto for 16-bit integers on "
          + "processors with AVX512_VNNI, which take little more than half the time. The "
          + "embeddings of both can be compared."),
    ]
  }

  private static let attributes = SettingSection(
    "attributes",
    "What is said of faces besides whose they are, each by a network of its own. Faces that were "
      + "stored without get it later: while nothing else is to do, or by “figurectl attributes fill”. "
      + "Of faces in videos it is found out while their frames are there."
  ) { section in
    [
      Setting(section, "age", \.attributes.age, .boolean, "How old faces look."),
      Setting(
        section, "gender", \.attributes.gender, .boolean,
        "Whether faces look female or male; it says nothing of the person."),
      Setting(
        section, "expression", \.attributes.expression, .boolean,
        "What faces express: anger, disgust, fear, happiness, sadness, surprise or calmness."),
      Setting(
        section, "mesh", \.attributes.mesh, .boolean,
        "Where heads point, and whether mouths are open. Takes twice as long as all the others "
          + "together."),
      Setting(
        section, "when", \.attributes.time, .choice,
        "When it is found out of photographs: idle, of stored faces while nothing else is to do; or "
          + "at-once, with each analysis, also of pictures that are not stored, which makes imports "
          + "longer. A request can ask for it in any case."),
    ]
  }

  private static let video = SettingSection(
    "video", "How videos are analysed. They are read by ffmpeg, of the Debian package of that name."
  ) { section in
    [
      Setting(
        section, "frames-per-second", \.video.samplingRate, .decimal(0.5...30),
        "Frames a second in which faces are looked for. More finds shorter appearances and takes "
          + "longer; beginnings and ends are right to a tenth of a second in any case."),
      Setting(
        section, "detection-long-side", \.video.detectionLongSide, .integer(160...4_096),
        "Pixels of the long side at which frames are searched. More finds smaller faces and takes "
          + "longer."),
      Setting(
        section, "frame-long-side", \.video.frameLongSide, .integer(160...4_096),
        "Pixels of the long side to which frames are reduced. Faces are recognised in these."),
      Setting(
        section, "found-people", \.video.mayFound, .boolean,
        "Whether somebody who is seen clearly and more than once in a video becomes a person by "
          + "that alone. Otherwise faces of videos only join people that photographs have founded."),
      Setting(
        section, "ffmpeg", \.video.ffmpegPath, .path, "The program that decodes videos."),
      Setting(
        section, "ffprobe", \.video.ffprobePath, .path,
        "The program that tells what a video is."),
      Setting(
        section, "longest", \.video.longest, .duration(.seconds(1)...(.seconds(604_800))),
        "A video that lasts longer is refused, or read only so far if it does not say how long it "
          + "lasts."),
      Setting(
        section, "stall-timeout", \.video.stallTimeout,
        .duration(.seconds(1)...(.seconds(3_600))),
        "How long ffmpeg may give nothing before it is killed."),
      Setting(
        section, "decoder-memory", \.video.decoderMemory, .size((256 << 20)...(64 << 30)),
        "Memory that ffmpeg may ask for. Most of it is never used."),
    ]
  }

  private static let storage = SettingSection("storage", "What is kept.") {
    section in
    [
      Setting(
        section, "keep-crops", \.storage.keepsCrops, .boolean,
        "Keep a small picture of each face."),
      Setting(
        section, "crop-quality", \.storage.cropQuality, .integer(30...100),
        "JPEG quality of these pictures."),
    ]
  }

  private static let importing = SettingSection("import", "Which files may be imported.") {
    section in
    [
      Setting(
        section, "roots", \.importing.roots, .paths,
        "Directories that images may be imported from; empty for every file that the daemon can read. "
          + "Files that a client passes open are always accepted."),
      Setting(
        section, "follow-symbolic-links", \.importing.followsSymbolicLinks, .boolean,
        "Follow symbolic links below the roots."),
      Setting(
        section, "batch-size", \.importing.batchSize, .integer(1...10_000),
        "Images whose results are saved together."),
      Setting(
        section, "batch-interval", \.importing.batchInterval,
        .duration(.milliseconds(10)...(.seconds(60))),
        "The longest that a result waits for others to be saved with."),
    ]
  }

  private static let memory = SettingSection("memory", "How much memory the daemon plans with.") {
    section in
    [
      Setting(
        section, "budget", \.memory.budget, .sizeOrZero((128 << 20)...(1 << 40)),
        "Memory for everything; 0 for what the machine and the unit's MemoryHigh or MemoryMax leave. "
          + "With less, fewer images are analysed at once.")
    ]
  }
}
