// The messages of policykb.v1 as the gateway sends them: proto JSON, so 64-bit integers are strings and fields that have their
// default are left out. For tsc alone; browsers never load it. Says what the console reads, not all that is sent.

export interface Span {
  start?: string;
  end?: string;
}

export type ValidityState =
  | "STATE_UNSPECIFIED"
  | "STATE_IN_FORCE"
  | "STATE_NO_LONGER_IN_FORCE"
  | "STATE_NOT_YET_IN_FORCE";

export interface Validity {
  state?: ValidityState;
  validFrom?: string;
  validTo?: string;
  supersededBy?: string[];
}

export interface Passage {
  name: string;
  document: string;
  documentTitle?: string;
  documentNumber?: string;
  kind?: string;
  issuer?: string;
  region?: string;
  language?: string;
  address?: string;
  label?: string;
  provisionLabel?: string;
  headingPath?: string[];
  text?: string;
  span?: Span;
  validity?: Validity;
}

export interface Explanation {
  terms?: { term?: string; weight?: number }[];
  features?: { name?: string; value?: number; weight?: number }[];
  lexicalRank?: number;
  denseRank?: number;
  resolvedReference?: boolean;
  questions?: { id?: string; text?: string; similarity?: number }[];
  rerankerScore?: number;
  knownQuestion?: boolean;
}

export interface Hit {
  passage: Passage;
  score?: number;
  rank?: number;
  matchedSpans?: Span[];
  explanation?: Explanation;
  duplicates?: string[];
}

export interface NotInForceMatch {
  document: string;
  documentTitle?: string;
  validity?: Validity;
}

export interface SearchFilter {
  kinds?: string[];
  regions?: string[];
  issuers?: string[];
  documents?: string[];
  excludedDocuments?: string[];
  includeNotInForce?: boolean;
}

export interface SearchRequest {
  query: string;
  k?: number;
  asOfDate?: string;
  filter?: SearchFilter;
  explain?: boolean;
}

export interface SearchResponse {
  hits?: Hit[];
  snapshot?: string;
  asOfDate?: string;
  notInForce?: NotInForceMatch[];
  searchedPassages?: string;
  denseFailure?: string;
}

export interface Citation {
  number?: number;
  passage?: string;
  document?: string;
  documentTitle?: string;
  documentNumber?: string;
  label?: string;
  address?: string;
  span?: Span;
  quote?: string;
  validity?: Validity;
}

export interface AnswerSentence {
  text?: string;
  citations?: number[];
  support?: string;
  supportScore?: number;
  citationMoved?: boolean;
}

export interface Notice {
  code?: string;
  message?: string;
}

export interface GroundedAnswer {
  status?: string;
  mode?: string;
  sentences?: AnswerSentence[];
  citations?: Citation[];
  notices?: Notice[];
  refusal?: string;
  related?: Citation[];
  snapshot?: string;
  asOfDate?: string;
  model?: string;
}

export interface Turn {
  question: string;
  answer: string;
}

export interface AnswerSpec {
  question: string;
  asOfDate?: string;
  filter?: SearchFilter;
  k?: number;
  history?: Turn[];
  language?: string;
}

export interface StreamEvent {
  searchDone?: { snapshot?: string; asOfDate?: string; hits?: number };
  sentence?: { sentence?: AnswerSentence; citations?: Citation[] };
  notice?: Notice;
  final?: GroundedAnswer;
  answerId?: string;
}

export interface Provision {
  address: string;
  level?: string;
  label?: string;
  heading?: string;
  parent?: number;
  span?: Span;
}

export interface PolicyDocument {
  name: string;
  title?: string;
  kind?: string;
  documentNumber?: string;
  issuer?: string;
  region?: string;
  language?: string;
  promulgatedOn?: string;
  validity?: Validity;
  supersedes?: string[];
  text?: string;
  provisions?: Provision[];
  sourceUri?: string;
}

export interface RpcStatus {
  code?: number;
  message?: string;
  loginRequired?: boolean;
}

export interface Session {
  principal?: string;
  roles?: string[];
  csrfToken?: string;
  loginRequired?: boolean;
}

export interface FacetCount {
  value?: string;
  documents?: string;
}

export interface DocumentSummary {
  name: string;
  title?: string;
  kind?: string;
  documentNumber?: string;
  issuer?: string;
  region?: string;
  validity?: Validity;
}

export interface ListDocumentsResponse {
  documents?: DocumentSummary[];
  nextPageToken?: string;
  totalSize?: string;
  kinds?: FacetCount[];
  regions?: FacetCount[];
  issuers?: FacetCount[];
}

export interface GateFigure {
  subject?: string;
  measure?: string;
  value?: number;
  live?: number;
  floor?: number;
  passed?: boolean;
}

export interface GateVerdict {
  passed?: boolean;
  judgedAt?: string;
  figures?: GateFigure[];
}

export interface SnapshotSummary {
  snapshot: string;
  publishedAt?: string;
  parent?: string;
  documents?: string;
  passages?: string;
  live?: boolean;
  unreadable?: string;
  gate?: GateVerdict;
  findings?: string;
}

export interface ListSnapshotsResponse {
  snapshots?: SnapshotSummary[];
  snapshot?: string;
}

export interface SnapshotReport {
  snapshot?: string;
  findings?: { kind?: string; line?: string }[];
  totalFindings?: string;
  reportedAt?: string;
}

export interface ReportedQuestion {
  question: string;
  answers?: string;
  lastAskedAt?: string;
  comments?: string[];
}

export interface FeedbackReport {
  answers?: string;
  unanswered?: string;
  modelFailed?: string;
  helpful?: string;
  notHelpful?: string;
  unansweredQuestions?: ReportedQuestion[];
  dislikedQuestions?: ReportedQuestion[];
}
