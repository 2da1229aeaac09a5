// A modest table of emoji names; a name that is not here stays as it was written.

const TABLE = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏", raised_hands: "🙌",
  raised_hand: "✋", hand: "✋", ok_hand: "👌", muscle: "💪", point_right: "👉", point_left: "👈", point_down: "👇",
  point_up: "☝️", handshake: "🤝", writing_hand: "✍️", eyes: "👀", brain: "🧠", speech_balloon: "💬",
  thought_balloon: "💭", smile: "😄", smiley: "😃", grinning: "😀", grin: "😁", slightly_smiling_face: "🙂",
  simple_smile: "🙂", wink: "😉", blush: "😊", heart_eyes: "😍", joy: "😂", laughing: "😆", thinking_face: "🤔",
  neutral_face: "😐", confused: "😕", worried: "😟", cry: "😢", sob: "😭", sweat_smile: "😅", tired_face: "😫",
  sleeping: "😴", partying_face: "🥳", sunglasses: "😎", nerd_face: "🤓", hugging_face: "🤗", shrug: "🤷",
  heart: "❤️", yellow_heart: "💛", green_heart: "💚", blue_heart: "💙", purple_heart: "💜", sparkling_heart: "💖",
  star: "⭐", star2: "🌟", sparkles: "✨", tada: "🎉", confetti_ball: "🎊", balloon: "🎈", gift: "🎁", trophy: "🏆",
  medal: "🏅", fire: "🔥", rocket: "🚀", "100": "💯", zap: "⚡", boom: "💥", sunny: "☀️", sun_with_face: "🌞",
  cloud: "☁️", umbrella: "☔", snowflake: "❄️", rainbow: "🌈", crescent_moon: "🌙", earth_americas: "🌎",
  seedling: "🌱", herb: "🌿", evergreen_tree: "🌲", deciduous_tree: "🌳", four_leaf_clover: "🍀", sunflower: "🌻",
  bouquet: "💐", cherry_blossom: "🌸", fallen_leaf: "🍂", coffee: "☕", tea: "🍵", pizza: "🍕", cake: "🍰",
  apple: "🍎", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", spiral_calendar: "🗓️", clock9: "🕘",
  clock3: "🕒", alarm_clock: "⏰", hourglass: "⌛", hourglass_flowing_sand: "⏳", stopwatch: "⏱️", watch: "⌚",
  bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢", mute: "🔇", email: "✉️", envelope: "✉️", e_mail: "📧",
  inbox_tray: "📥", outbox_tray: "📤", package: "📦", mailbox: "📫", memo: "📝", pencil: "📝", pencil2: "✏️",
  book: "📖", books: "📚", notebook: "📓", bookmark: "🔖", bookmark_tabs: "📑", page_facing_up: "📄",
  clipboard: "📋", paperclip: "📎", pushpin: "📌", round_pushpin: "📍", link: "🔗", lock: "🔒", unlock: "🔓",
  key: "🔑", bulb: "💡", mag: "🔍", gear: "⚙️", wrench: "🔧", hammer: "🔨", toolbox: "🧰", microscope: "🔬",
  telescope: "🔭", test_tube: "🧪", dna: "🧬", robot_face: "🤖", computer: "💻", desktop_computer: "🖥️",
  iphone: "📱", telephone_receiver: "📞", phone: "☎️", movie_camera: "🎥", camera: "📷", microphone: "🎤",
  headphones: "🎧", art: "🎨", dart: "🎯", compass: "🧭", world_map: "🗺️", house: "🏠", school: "🏫",
  office: "🏢", mortar_board: "🎓", bus: "🚌", car: "🚗", bike: "🚲", airplane: "✈️", chart_with_upwards_trend: "📈",
  bar_chart: "📊", moneybag: "💰", dollar: "💵", ballot_box_with_check: "☑️", white_check_mark: "✅",
  heavy_check_mark: "✔️", x: "❌", heavy_plus_sign: "➕", heavy_minus_sign: "➖", warning: "⚠️", question: "❓",
  grey_question: "❔", exclamation: "❗", grey_exclamation: "❕", information_source: "ℹ️", no_entry: "⛔",
  no_entry_sign: "🚫", sos: "🆘", new: "🆕", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️",
  leftwards_arrow_with_hook: "↩️", arrows_counterclockwise: "🔄", repeat: "🔁", red_circle: "🔴",
  large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪",
  black_circle: "⚫", small_blue_diamond: "🔹", small_orange_diamond: "🔸", one: "1️⃣", two: "2️⃣", three: "3️⃣",
  four: "4️⃣", five: "5️⃣", busts_in_silhouette: "👥", bust_in_silhouette: "👤", lock_with_ink_pen: "🔏",
  see_no_evil: "🙈", umbrella_on_ground: "⛱️", desert_island: "🏝️", palm_tree: "🌴", snowman: "⛄",
  checkered_flag: "🏁", triangular_flag_on_post: "🚩", white_flag: "🏳️", green_book: "📗", blue_book: "📘",
};

/** The character of an emoji name, skin tones left out, or null. */
export function emoji(name) {
  return Object.hasOwn(TABLE, name) ? TABLE[name] : null;
}

/** Put characters in the place of the `:names:` of a plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/g, (whole, name) => emoji(name) ?? whole);
}
