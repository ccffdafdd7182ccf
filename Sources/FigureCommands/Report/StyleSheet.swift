extension ContactSheet {
  /// Colours follow the reader's preference; a printed sheet is black on white and keeps each
  /// person on one page where that is possible.
  static let styleSheet = """
    :root {
      --paper: #f6f5f2; --card: #ffffff; --ink: #1d1c1a; --quiet: #6b6862; --line: #e3e0d9;
      --accent: #8a4b20; --hole: #e9e6df;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #161513; --card: #201e1b; --ink: #eeebe4; --quiet: #a09b91; --line: #34312c;
        --accent: #e5a878; --hole: #2c2a26;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 2.5rem 1.5rem; max-width: 76rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
    }
    h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
    header.sheet {
      display: flex; flex-wrap: wrap; gap: 1rem 3rem; align-items: end;
      justify-content: space-between; margin-bottom: 2rem;
    }
    h1 { font-size: 2rem; font-weight: 650; letter-spacing: -0.02em; line-height: 1.15; }
    h1 em { font-style: normal; color: var(--accent); overflow-wrap: anywhere; }
    dl { display: flex; gap: 2rem; }
    dl div { display: flex; flex-direction: column-reverse; }
    dt { color: var(--quiet); font-size: 0.85rem; }
    dd { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.2; }
    section {
      background: var(--card); border: 1px solid var(--line); border-radius: 14px;
      padding: 1.25rem; margin-bottom: 1rem;
    }
    .person {
      display: grid; grid-template-columns: minmax(15rem, 19rem) 1fr; gap: 1.25rem;
      content-visibility: auto; contain-intrinsic-size: auto 11rem;
    }
    .who { display: flex; gap: 1rem; align-items: start; min-width: 0; }
    .who > div { min-width: 0; }
    .who img, .who .missing { width: 112px; height: 112px; border-radius: 12px; }
    h2 { font-size: 1.2rem; font-weight: 620; line-height: 1.25; overflow-wrap: anywhere; }
    h2.unnamed { color: var(--quiet); font-weight: 500; }
    .who p { color: var(--quiet); font-size: 0.9rem; margin-top: 0.25rem; }
    code { font: 0.72rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    .crops {
      list-style: none; display: grid; gap: 8px; align-content: start;
      grid-template-columns: repeat(auto-fill, minmax(84px, 1fr));
    }
    .crops li { min-width: 0; }
    img, .missing {
      display: block; flex: none; object-fit: cover; background: var(--hole); border-radius: 8px;
    }
    .crops img, .crops .missing { width: 100%; height: auto; aspect-ratio: 1; }
    .missing { border: 1px dashed var(--quiet); }
    small { display: block; color: var(--quiet); font-size: 0.72rem; line-height: 1.3; margin-top: 3px; }
    .more {
      display: grid; place-items: center; aspect-ratio: 1; border: 1px dashed var(--line);
      border-radius: 8px; color: var(--quiet); font-size: 0.8rem; text-align: center; padding: 4px;
    }
    .who > .cover { flex: none; }
    .who:has(details[open]) { display: block; }
    .crops li:has(details[open]) { grid-column: 1 / -1; }
    .crops li:has(details[open]) > img { width: 84px; }
    details { color: var(--quiet); font-size: 0.8rem; line-height: 1.4; margin-top: 3px; }
    summary { cursor: pointer; font-variant-numeric: tabular-nums; }
    .chain { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; margin: 6px 0; padding: 0; }
    .chain img, .chain .missing { width: 48px; height: 48px; border-radius: 6px; }
    .waiting { margin-top: 2rem; }
    .waiting > p { color: var(--quiet); font-size: 0.9rem; max-width: 46rem; }
    h3 { font-size: 0.95rem; font-weight: 600; margin: 1.1rem 0 0.5rem; }
    h3 span { color: var(--quiet); font-weight: 400; margin-left: 0.35rem; }
    footer { color: var(--quiet); font-size: 0.85rem; margin-top: 2rem; text-align: center; }
    @media (max-width: 46rem) {
      body { padding: 1.25rem 0.75rem; }
      .person { grid-template-columns: 1fr; }
    }
    @media print {
      :root {
        --paper: #fff; --card: #fff; --ink: #000; --quiet: #555; --line: #ccc; --accent: #000;
        --hole: #eee;
      }
      body { padding: 0; max-width: none; font-size: 10pt; }
      section { break-inside: avoid; border-width: 0 0 1px; border-radius: 0; padding: 0.6rem 0; }
      .person { content-visibility: visible; }
      img { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      .crops { grid-template-columns: repeat(auto-fill, 18mm); }
    }
    """
}
