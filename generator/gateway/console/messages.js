// All that a person reads in the console and that is not policy text: one table, Chinese and English.
//
// Not for words of the servers (refusals, notices), which come in the language of the answer. The page's language is the one
// state here; set it before a view is built.

/** @typedef {"zh" | "en"} Language */

/** @type {Language} */
let current = "zh";

/** The rows: Chinese, English. `{name}` is a place for a value. */
export const MESSAGES = {
  product: ["政策知识库", "Policy knowledge base"],
  skip: ["跳到正文", "Skip to content"],
  navigation: ["主导航", "Main navigation"],
  ask: ["提问", "Ask"],
  search: ["检索", "Search"],
  documents: ["文件", "Documents"],
  data: ["数据", "Data"],
  language: ["语言", "Language"],
  logIn: ["登录", "Log in"],
  logOut: ["退出", "Log out"],
  signedInAs: ["已登录：{name}", "Signed in as {name}"],
  apiKey: ["访问密钥", "Access key"],
  apiKeyHint: ["密钥由系统管理员发放。本页只用它换取会话，不会保存它。", "Your administrator hands out keys. This page exchanges it for a session and does not keep it."],
  wrongKey: ["密钥不正确。", "That key is not right."],
  loginLead: ["请用访问密钥登录。", "Please log in with your access key."],
  sessionEnded: ["会话已结束，请重新登录。", "Your session has ended. Please log in again."],
  askLead: ["每句话都有出处，原文可查。", "Every sentence is cited; every citation opens the text."],
  question: ["问题", "Question"],
  questionHint: ["例如：养犬登记要交多少钱？", "For example: What does it cost to register a dog?"],
  followUp: ["继续追问", "Follow-up question"],
  newConversation: ["新的提问", "New question"],
  stop: ["停止", "Stop"],
  stopped: ["已停止。以上句子均已核对。", "Stopped. The sentences above are checked."],
  filters: ["筛选", "Filters"],
  filtersActive: ["筛选（{count}）", "Filters ({count})"],
  asOf: ["以何日为准", "As of"],
  asOfToday: ["不填为今天", "Empty means today"],
  region: ["地区", "Region"],
  issuer: ["发文机关", "Issuer"],
  kind: ["文件种类", "Kind"],
  kinds: ["文件种类", "Kinds"],
  anyRegion: ["全部地区", "All regions"],
  anyIssuer: ["全部机关", "All issuers"],
  anyKind: ["全部种类", "All kinds"],
  includeNotInForce: ["包括未生效和已失效的文件", "Include text not in force"],
  clearFilters: ["清除筛选", "Clear filters"],
  kindLaw: ["法律", "Law"],
  kindRegulation: ["法规", "Regulation"],
  kindRule: ["规章", "Rule"],
  kindNormative: ["规范性文件", "Normative document"],
  kindGuide: ["办事指南", "Service guide"],
  kindQa: ["问答", "Questions and answers"],
  searching: ["正在查找条文……", "Looking for the text..."],
  found: ["找到 {count} 段条文，正在核对……", "{count} passages found, checking..."],
  sources: ["出处", "Sources"],
  citation: ["出处 {number}：{label}", "Citation {number}: {label}"],
  openDocument: ["打开原文", "Open the text"],
  related: ["可能相关的条文", "Text that may be related"],
  noSupport: ["没有找到能回答的条文", "No policy text answers this"],
  mayBeRelated: ["没有确切答案，以下条文可能相关", "No certain answer; this text may be related"],
  notices: ["请注意", "Please note"],
  citationMoved: ["出处已更正", "citation corrected"],
  partlySupported: ["条文只支持其中一部分", "borne in part by the text"],
  unsupported: ["条文不支持", "not borne by the text"],
  byModel: ["由模型 {model} 撰写，逐句核对", "Written by {model}, checked sentence by sentence"],
  byModelUnnamed: ["由模型撰写，逐句核对", "Written by a model, checked sentence by sentence"],
  byExtraction: ["全部为条文原句", "Sentences of the policy text itself"],
  asOfLine: ["以 {date} 为准 · 快照 {snapshot}", "As of {date} · snapshot {snapshot}"],
  copy: ["复制（含出处）", "Copy with citations"],
  copied: ["已复制", "Copied"],
  copyFailed: ["浏览器不允许复制", "The browser does not allow copying"],
  print: ["打印", "Print"],
  helpful: ["有帮助", "Helpful"],
  notHelpful: ["没有帮助", "Not helpful"],
  feedbackQuestion: ["这个回答有帮助吗？", "Did this answer help?"],
  comment: ["哪里不对或者缺什么？", "What was wrong or missing?"],
  commentHint: ["请不要填写个人信息。", "Please leave out personal details."],
  send: ["提交", "Send"],
  thanks: ["谢谢，已记录。", "Thank you, noted."],
  cancel: ["取消", "Cancel"],
  close: ["关闭", "Close"],
  closeDocument: ["关闭原文", "Close the text"],
  openAsPage: ["整页打开", "Open as a page"],
  inForce: ["现行有效", "In force"],
  noLongerInForce: ["已失效", "No longer in force"],
  notYetInForce: ["尚未生效", "Not yet in force"],
  validFrom: ["自 {from} 起", "from {from}"],
  validTo: ["至 {to} 前", "until {to}"],
  validBetween: ["{from} 至 {to} 前", "{from} until {to}"],
  documentNumber: ["文号", "Document number"],
  promulgated: ["公布日期", "Promulgated"],
  source: ["来源", "Source"],
  supersedes: ["代替", "Replaces"],
  supersededBy: ["被代替", "Replaced by"],
  compare: ["对比差异", "Compare"],
  compareTitle: ["修订对比", "Revisions side by side"],
  before: ["修订前", "Before"],
  after: ["修订后", "After"],
  onlyChanges: ["只看有变化的条文", "Changed articles only"],
  compareCounts: ["修改 {changed} 条，新增 {added} 条，删除 {removed} 条，未变 {same} 条", "{changed} changed, {added} added, {removed} removed, {same} unchanged"],
  added: ["新增", "Added"],
  removed: ["删除", "Removed"],
  changed: ["修改", "Changed"],
  unchanged: ["未变", "Unchanged"],
  contents: ["目录", "Contents"],
  levelPart: ["编", "parts"],
  levelChapter: ["章", "chapters"],
  levelSection: ["节", "sections"],
  levelArticle: ["条", "articles"],
  levelTopic: ["节", "topics"],
  documentText: ["正文", "Text"],
  searchHint: ["关键词、问题、条文号", "Key words, a question, an article"],
  hits: ["{count} 段条文", "{count} passages"],
  noHits: ["没有找到条文。", "No passage found."],
  notInForceNamed: ["您提到的文件在该日不具效力：", "Named in your query, but not in force on that day:"],
  whyFound: ["为什么找到", "Why it was found"],
  words: ["词", "Words"],
  features: ["特征", "Features"],
  value: ["值", "Value"],
  weight: ["权重", "Weight"],
  contribution: ["贡献", "Contribution"],
  lexicalRank: ["词语名次", "Rank by words"],
  denseRank: ["语义名次", "Rank by meaning"],
  byReference: ["问题直接提到这一条", "The query names this provision"],
  byKnownQuestion: ["已知问题", "Known questions"],
  duplicates: ["另有 {count} 份文件内容相同", "{count} other documents say the same"],
  more: ["显示更多", "Show more"],
  documentsLead: ["按种类、地区、机关浏览", "Browse by kind, region and issuer"],
  titleContains: ["标题或文号", "Title or number"],
  documentsCount: ["{count} 份文件", "{count} documents"],
  noDocuments: ["没有符合条件的文件。", "No document matches."],
  apply: ["应用", "Apply"],
  snapshots: ["快照", "Snapshots"],
  snapshot: ["快照", "Snapshot"],
  live: ["当前", "live"],
  publishedAt: ["发布时间", "Published"],
  passages: ["条文段", "Passages"],
  gate: ["发布检查", "Gate"],
  rollBack: ["回退到此", "Roll back to this"],
  rollBackAsk: ["要把线上内容回退到快照 {id} 吗？新的提问会立刻使用它。", "Roll back to snapshot {id}? New questions will be answered from it at once."],
  rolledBack: ["已回退到 {id}。", "Rolled back to {id}."],
  lint: ["检查发现", "Lint findings"],
  noLint: ["没有发现问题。", "Nothing found."],
  unanswered: ["没能回答的问题", "Unanswered questions"],
  disliked: ["评价不好的回答", "Disliked answers"],
  suggestions: ["题库建议", "Suggestions for the question bank"],
  suggestionsLead: ["由上面的问题生成。补上 passages 后加入 questions.jsonl。", "Made from the questions above. Name the passages and add them to questions.jsonl."],
  times: ["次数", "Times"],
  lastAsked: ["最近一次", "Last asked"],
  comments: ["意见", "Comments"],
  days: ["最近 {days} 天", "Last {days} days"],
  nothingYet: ["还没有。", "None yet."],
  rollBackShort: ["回退", "Roll back"],
  asTable: ["数值表", "As a table"],
  questionsAsked: ["提问情况", "What was asked"],
  answersGiven: ["回答", "Answers"],
  modelFailed: ["模型失败", "Model failed"],
  gatePassed: ["通过", "passed"],
  gateRefused: ["未通过", "refused"],
  findingUnread: ["格式不支持", "not read"],
  findingSkipped: ["跳过", "skipped"],
  findingLeftOut: ["未收入", "left out"],
  findingWarning: ["存疑", "in doubt"],
  findingWithdrawn: ["已撤回", "withdrawn"],
  findingCount: ["显示 {shown} 项，共 {total} 项", "{shown} of {total}"],
  loading: ["正在载入……", "Loading..."],
  again: ["重试", "Try again"],
  errorOffline: ["连接不上服务器。", "The server cannot be reached."],
  errorBusy: ["请求太多，请稍后再试。", "Too many requests. Please try again in a moment."],
  errorForbidden: ["您的账号没有这项权限。", "Your account may not do this."],
  errorNotFound: ["没有找到，或者您无权查看。", "Not found, or not yours to see."],
  errorLate: ["服务器没有及时答复。", "The server did not answer in time."],
  errorOther: ["出错了：{message}", "Something went wrong: {message}"],
  errorBroken: ["回答中断了，以上句子仍然有效。请再问一次。", "The answer was cut off; the sentences above still hold. Please ask again."],
  notFoundPage: ["没有这一页。", "There is no such page."],
  kioskTitle: ["政策查询", "Policy questions"],
  kioskLead: ["请用平常的话提问。", "Ask in everyday words."],
  kioskAsk: ["查询", "Ask"],
  kioskAgain: ["重新开始", "Start again"],
  kioskSuggestions: ["大家常问", "Often asked"],
  kioskIdle: ["{seconds} 秒后清除。点一下屏幕继续。", "Clearing in {seconds} seconds. Touch the screen to go on."],
  readAloud: ["朗读", "Read aloud"],
  stopReading: ["停止朗读", "Stop reading"],
  kioskUnavailable: ["暂时查不了，请稍后再试，或到服务窗口咨询。", "Not available at the moment. Please try again later or ask at the counter."],
  kioskLocked: ["此终端尚未登录，请联系工作人员。", "This terminal is not logged in. Please call a member of staff."],
};

/** @param {Language} chosen */
export function setLanguage(chosen) {
  current = chosen;
}

/** @returns {Language} */
export function language() {
  return current;
}

/**
 * The message of a key in the page's language, `{name}` replaced by `values.name`; a place without a value stays as it is.
 * @param {keyof typeof MESSAGES} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const row = MESSAGES[key];
  const text = /** @type {string} */ (row[current === "zh" ? 0 : 1]);
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** @type {Record<string, keyof typeof MESSAGES>} */
const KINDS = {
  law: "kindLaw",
  regulation: "kindRegulation",
  rule: "kindRule",
  normative: "kindNormative",
  guide: "kindGuide",
  qa: "kindQa",
};

/** The kinds of document, in the order of their rank. */
export const KIND_NAMES = Object.keys(KINDS);

/**
 * A kind of document for people; a kind that is not known stands for itself.
 * @param {string} kind
 */
export function kindLabel(kind) {
  const key = KINDS[kind];
  return key === undefined ? kind : t(key);
}

/**
 * The language that a person is likely to read, from what the browser says.
 * @param {readonly string[]} preferred  as navigator.languages
 * @returns {Language}
 */
export function languageOf(preferred) {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return "zh";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "zh";
}
