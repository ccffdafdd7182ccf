internal import FaceClient
internal import FoundationEssentials
internal import WireProtocol

/// A plan of a re-clustering as a page: for each change the faces before and after.
enum PlanSheet {
  /// Faces shown of each person on each side.
  private static let cropLimit = 12

  /// Writes a page that needs no server, no script and no other file.
  ///
  /// - Parameters:
  ///   - planID: which plan.
  ///   - path: the HTML file to write.
  ///   - mayReplace: whether a file of that name may be replaced.
  ///   - client: whom to ask.
  ///   - context: where progress is shown.
  /// - Throws: if the daemon refuses, or the file cannot be written; there is no file then.
  static func write(
    _ planID: String, to path: String, mayReplace: Bool, client: FaceClient,
    in context: CommandContext
  ) throws {
    var file = try AtomicFile(path: path, mayReplace: mayReplace)
    let display = ProgressDisplay("drawing", output: context.output, isSilent: context.isJSON)
    defer { display.end() }
    var progress = TaskProgress(total: 0)
    let started = ContinuousClock.now
    var isFirst = true
    try context.pages(
      from: client, { .plan(planID, withFigures: true, pageSize: 20, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      if isFirst { try file.write(beginning(page.plan)) }
      isFirst = false
      progress.total = page.plan.changes.values.reduce(0, +)
      for change in page.changes {
        try file.write(section(change, client: client))
        progress.done += 1
        progress.estimate(since: started)
        display.show(progress)
      }
    }
    try file.write(
      ContactSheet.end(
        product: "\(client.hello.product) \(client.hello.version)",
        time: LocalTime.shown(Date.now)))
    try file.commit()
  }

  private static func beginning(_ plan: FigureClusteringPlanMessage) -> String {
    """
    \(pageHead(
      title: "A re-clustering of \(plan.datasetName)",
      styleSheet: ContactSheet.styleSheet + "\n" + styleSheet))
    <body>
    <header class="sheet">
    <h1>A re-clustering of <em>\(escapedHTML(plan.datasetName))</em></h1>
    <p>\(escapedHTML(PlanText.summary(plan)))</p>
    </header>
    <main>

    """
  }

  /// Beside what the contact sheet has.
  private static let styleSheet = """
    .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; margin-top: 1rem; }
    .sides > div { min-width: 0; }
    .moves img, .moves .missing { outline: 3px solid var(--accent); outline-offset: -3px; }
    .change p { color: var(--quiet); font-size: 0.9rem; }
    .change p.risk { color: var(--accent); font-weight: 600; }
    @media (max-width: 46rem) { .sides { grid-template-columns: 1fr; } }
    """

  private static func section(
    _ change: PlannedChangeMessage, client: FaceClient
  ) throws -> String {
    let moves = change.figures ?? change.examples
    let staying = try stayingFigures(change, moves, client)
    let lines = PlanText.lines(change)
    let risks = change.namesAtRisk.map {
      "<p class=\"risk\">“\(escapedHTML($0))” would lose more than half of the faces.</p>\n"
    }
    return """
      <section class="change" aria-labelledby="c\(change.changeID)">
      <h2 id="c\(change.changeID)">\(escapedHTML(lines[0]))</h2>
      \(risks.joined())<div class="sides">
      <div><h3>Before</h3>
      \(try side(change, moves, staying, at: \.from, client))</div>
      <div><h3>After</h3>
      \(try side(change, moves, staying, at: \.to, client))</div>
      </div>
      </section>

      """
  }

  /// Some figures of each cluster that do not move, the clearest first.
  private static func stayingFigures(
    _ change: PlannedChangeMessage, _ moves: [IdentityEventMessage.FigureMove],
    _ client: FaceClient
  ) throws -> [String: [String]] {
    let moving = Set(moves.map(\.figureID))
    var staying: [String: [String]] = [:]
    for cluster in change.clusters where cluster.outcome == "Kept" {
      guard let identifier = cluster.objectID else { continue }
      staying[identifier] = try client.call(
        .figures(of: .cluster(identifier), pageSize: min(500, cropLimit + moving.count))
      ).figures.compactMap(\.figureID).filter { !moving.contains($0) }
    }
    return staying
  }

  /// The clusters of a change on one side, each with faces that stay and, marked, faces that move.
  private static func side(
    _ change: PlannedChangeMessage, _ moves: [IdentityEventMessage.FigureMove],
    _ staying: [String: [String]], at place: KeyPath<IdentityEventMessage.FigureMove, String?>,
    _ client: FaceClient
  ) throws -> String {
    var html = ""
    let byPlace = Dictionary(grouping: moves) { $0[keyPath: place] }
    for cluster in change.clusters {
      let moving = byPlace[cluster.objectID] ?? []
      let others = cluster.objectID.flatMap { staying[$0] } ?? []
      guard !moving.isEmpty || !others.isEmpty else { continue }
      html += "<p>\(escapedHTML(title(cluster)))</p>\n"
      html += try gallery(others, total: others.count, client)
      html +=
        "<div class=\"moves\">"
        + (try gallery(moving.map(\.figureID), total: moving.count, client)) + "</div>\n"
    }
    if let waiting = byPlace[.none], !waiting.isEmpty {
      html += "<p>Waiting, in no cluster</p>\n<div class=\"moves\">"
      html += try gallery(waiting.map(\.figureID), total: waiting.count, client) + "</div>\n"
    }
    return html
  }

  private static func title(_ cluster: PlannedChangeMessage.Cluster) -> String {
    cluster.outcome == "Founded" ? "A new person" : PlanText.who(cluster)
  }

  private static func gallery(
    _ figures: [String], total: Int, _ client: FaceClient
  ) throws -> String {
    let shown = figures.prefix(cropLimit)
    // All pictures are under way at a time.
    let pictures = try shown.map { try PendingPicture($0, from: client) }
    let crops = try zip(shown, pictures).map { figure, picture in
      ContactSheet.Crop(jpeg: try picture.jpeg(), source: figure)
    }
    return ContactSheet.gallery(crops, description: "Face", missing: total - crops.count)
  }
}
