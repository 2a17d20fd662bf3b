/** Names of common emoji; a name not listed stays as it was written, as in Slack. */
export const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅', heavy_check_mark: '✔️', ballot_box_with_check: '☑️', x: '❌', negative_squared_cross_mark: '❎',
  warning: '⚠️', no_entry: '⛔', no_entry_sign: '🚫', rotating_light: '🚨', octagonal_sign: '🛑', information_source: 'ℹ️',
  question: '❓', exclamation: '❗', hourglass: '⌛', hourglass_flowing_sand: '⏳', stopwatch: '⏱️', clock1: '🕐', calendar: '📆',
  date: '📅', spiral_calendar_pad: '🗓️', bell: '🔔', no_bell: '🔕', lock: '🔒', unlock: '🔓', key: '🔑', shield: '🛡️',
  gear: '⚙️', wrench: '🔧', hammer: '🔨', hammer_and_wrench: '🛠️', construction: '🚧', package: '📦', floppy_disk: '💾',
  cd: '💿', desktop_computer: '🖥️', computer: '💻', cloud: '☁️', globe_with_meridians: '🌐', link: '🔗', pushpin: '📌',
  memo: '📝', clipboard: '📋', page_facing_up: '📄', books: '📚', mag: '🔍', bar_chart: '📊', chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉', rocket: '🚀', fire: '🔥', boom: '💥', bug: '🐛', sparkles: '✨', star: '⭐', tada: '🎉',
  trophy: '🏆', first_place_medal: '🥇', medal: '🏅', eyes: '👀', wave: '👋', '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎',
  clap: '👏', pray: '🙏', muscle: '💪', ok_hand: '👌', point_right: '👉', heart: '❤️', smile: '😄', slightly_smiling_face: '🙂',
  thinking_face: '🤔', cry: '😢', robot_face: '🤖', ghost: '👻', cow: '🐄', cat: '🐱', dog: '🐶', seedling: '🌱',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵',
  white_circle: '⚪', black_circle: '⚫', large_green_square: '🟩', large_yellow_square: '🟨', large_red_square: '🟥',
  small_red_triangle: '🔺', arrow_up: '⬆️', arrow_down: '⬇️', arrow_right: '➡️', arrow_left: '⬅️', repeat: '🔁',
  arrows_counterclockwise: '🔄', put_litter_in_its_place: '🚮', wastebasket: '🗑️', speech_balloon: '💬', bulb: '💡',
};
