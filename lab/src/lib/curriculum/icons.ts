// One icon for each section: lines on a 24 × 24 grid, drawn with a stroke of the text's colour.

const icons: Readonly<Record<string, string>> = {
  'Computing Foundations': 'M4 5h16v11H4z M9 20h6 M12 16v4 M8 9l2 2-2 2 M12 13h4',
  'Math & Statistics': 'M4 20C8 20 8 6 12 6s4 14 8 14 M4 20h16',
  'Preparation & Prerequisites': 'M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z M5 17a3 3 0 0 1 3-3h10',
  'ML Algorithms & Evaluation': 'M4 20V4 M4 20h16 M8 16l4-5 3 3 4-7',
  'Production ML Systems': 'M4 7h16v4H4z M4 13h16v4H4z M7 9h.01 M7 15h.01 M12 17v3',
  'Core LLM Foundations': 'M5 6h14 M5 10h9 M5 14h14 M5 18h6',
  'Applied LLM Engineering': 'M4 5h16v10H10l-5 4v-4H4z M8 9h8 M8 12h5',
  'Portfolio Capstones': 'M4 8h16v11H4z M9 8V5h6v3 M4 13h16',
  'Transformer Deep Dives': 'M6 4h12v4H6z M6 10h12v4H6z M6 16h12v4H6z M3 6v12',
  'Advanced Training & Adaptation': 'M4 17c3 0 3-8 6-8s3 5 6 5 2-9 4-9 M17 5h3v3',
  'Advanced Agents & Retrieval': 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12z M14.5 14.5L20 20 M8 10h4 M10 8v4',
  'Inference & Production Scale': 'M12 4a8 8 0 0 0-8 8c0 2 1 4 2 5h12c1-1 2-3 2-5a8 8 0 0 0-8-8z M12 13l4-4',
  'System Design Capstones': 'M9 4h6v4H9z M4 16h6v4H4z M14 16h6v4h-6z M12 8v4 M7 16v-4h10v4',
  'AI Lab Interviewing': 'M4 5h11v8H9l-3 3v-3H4z M17 9h3v8h-2v3l-3-3h-5v-2',
}

/** Path data for a section's icon. A section without one is a mistake in the table above. */
export function iconOf(section: string): string {
  const icon = icons[section]
  if (icon === undefined) throw new Error(`no icon for the section "${section}"`)
  return icon
}
