#include "indexer/readers/xml_reader.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <deque>
#include <mutex>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// Bytes given to the parser at a time; bounds how many events wait.
constexpr size_t kFeedBytes = 4096;

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// Both the transitional and the strict namespaces of ISO/IEC 29500 end so.
std::string QualifiedName(const xmlChar* local, const xmlChar* uri) {
  static constexpr std::pair<std::string_view, std::string_view> kPrefixes[] = {
      {"/wordprocessingml/main", "w:"},      {"/wordprocessingml/2006/main", "w:"},
      {"/spreadsheetml/main", "x:"},         {"/spreadsheetml/2006/main", "x:"},
      {"/markup-compatibility/2006", "mc:"}, {"/officeDocument/2006/math", "m:"},
      {"/officeDocument/math", "m:"}};
  for (const auto& [end, prefix] : kPrefixes) {
    if (View(uri).ends_with(end)) return Cat(prefix, View(local));
  }
  return std::string(View(local));
}

}  // namespace

struct XmlReader::Impl {
  std::string_view bytes;
  std::string part;
  xmlSAXHandler handler = {};
  xmlParserCtxtPtr parser = nullptr;
  size_t fed = 0;
  bool ended = false;
  size_t depth = 0;
  std::deque<XmlEvent> waiting;
  XmlEvent current;
  absl::Status status;

  int Line() const { return parser == nullptr ? 1 : ::xmlSAX2GetLineNumber(parser); }

  void Refuse(std::string_view what) {
    if (!status.ok()) return;
    status = absl::InvalidArgumentError(Cat(part, " line ", Line(), ": ", what));
    ::xmlStopParser(parser);
  }

  void AddText(const xmlChar* text, int size) {
    const std::string_view words(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
    if (!waiting.empty() && waiting.back().kind == XmlEvent::Kind::kText) {
      waiting.back().text += words;
      return;
    }
    XmlEvent event;
    event.kind = XmlEvent::Kind::kText;
    event.text = words;
    waiting.push_back(std::move(event));
  }

  // libxml2 gives a pointer to its parser to some handlers and the user's data to others; both are
  // the parser here, and its _private is ours.
  static Impl& Of(void* context) {
    return *static_cast<Impl*>(static_cast<xmlParserCtxtPtr>(context)->_private);
  }

  static void OnStart(void* context, const xmlChar* local, const xmlChar*, const xmlChar* uri, int,
                      const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
    Impl& self = Of(context);
    if (++self.depth > kMaxXmlDepth) {
      self.Refuse(Cat("elements nested deeper than ", kMaxXmlDepth));
      return;
    }
    XmlEvent event;
    event.kind = XmlEvent::Kind::kStart;
    event.name = QualifiedName(local, uri);
    // Five pointers each: local name, prefix, namespace, beginning and end of the value.
    for (int i = 0; i < attribute_count; ++i) {
      const xmlChar** attribute = attributes + static_cast<ptrdiff_t>(5) * i;
      event.attributes.emplace_back(View(attribute[0]),
                                    std::string(reinterpret_cast<const char*>(attribute[3]),
                                                static_cast<size_t>(attribute[4] - attribute[3])));
    }
    self.waiting.push_back(std::move(event));
  }

  static void OnEnd(void* context, const xmlChar* local, const xmlChar*, const xmlChar* uri) {
    Impl& self = Of(context);
    if (self.depth > 0) --self.depth;
    XmlEvent event;
    event.kind = XmlEvent::Kind::kEnd;
    event.name = QualifiedName(local, uri);
    self.waiting.push_back(std::move(event));
  }

  static void OnText(void* context, const xmlChar* text, int size) {
    Of(context).AddText(text, size);
  }

  static void OnDocumentType(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    Of(context).Refuse("a document type declaration, which no office file has");
  }

  static void OnError(void* context, xmlErrorPtr error) {
    Impl& self = Of(context);
    if (!self.status.ok() || error == nullptr || error->level < XML_ERR_ERROR) return;
    std::string_view message = error->message == nullptr ? "not well-formed" : error->message;
    message = StripAsciiSpace(message.substr(0, message.find('\n')));
    self.status = absl::InvalidArgumentError(Cat(self.part, " line ", error->line, ": ", message));
    ::xmlStopParser(self.parser);
  }

  void Feed() {
    const size_t size = std::min(kFeedBytes, bytes.size() - fed);
    ended = fed + size == bytes.size();
    const int code = ::xmlParseChunk(parser, bytes.data() + fed, static_cast<int>(size), ended);
    fed += size;
    if (code != XML_ERR_OK) Refuse("not well-formed");
  }
};

XmlReader::XmlReader(std::string_view bytes, std::string part) : impl_(std::make_unique<Impl>()) {
  static std::once_flag initialised;
  std::call_once(initialised, ::xmlInitParser);
  Impl& self = *impl_;
  self.bytes = bytes;
  self.part = std::move(part);
  self.handler.initialized = XML_SAX2_MAGIC;
  self.handler.startElementNs = Impl::OnStart;
  self.handler.endElementNs = Impl::OnEnd;
  self.handler.characters = Impl::OnText;
  self.handler.cdataBlock = Impl::OnText;
  self.handler.internalSubset = Impl::OnDocumentType;
  self.handler.serror = Impl::OnError;
  self.parser = ::xmlCreatePushParserCtxt(&self.handler, nullptr, nullptr, 0, nullptr);
  if (self.parser == nullptr) {
    self.status = absl::ResourceExhaustedError(Cat(self.part, ": no memory for its parser"));
    return;
  }
  self.parser->_private = &self;
  // XML_PARSE_NOENT has "&amp;" in attributes decoded; there are no entities that it could expand.
  ::xmlCtxtUseOptions(self.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
}

XmlReader::~XmlReader() {
  if (impl_->parser == nullptr) return;
  if (impl_->parser->myDoc != nullptr) ::xmlFreeDoc(impl_->parser->myDoc);
  ::xmlFreeParserCtxt(impl_->parser);
}

absl::StatusOr<const XmlEvent*> XmlReader::Next() {
  Impl& self = *impl_;
  while (self.waiting.empty() && self.status.ok() && !self.ended) self.Feed();
  if (!self.waiting.empty()) {
    self.current = std::move(self.waiting.front());
    self.waiting.pop_front();
    return &self.current;
  }
  RETURN_IF_ERROR(self.status);
  self.current = XmlEvent();
  return &self.current;
}

absl::Status XmlReader::Skip() {
  for (size_t open = 1; open > 0;) {
    ASSIGN_OR_RETURN(const XmlEvent* event, Next());
    if (event->kind == XmlEvent::Kind::kStart) ++open;
    if (event->kind == XmlEvent::Kind::kEnd) --open;
    if (event->kind == XmlEvent::Kind::kFinished) break;
  }
  return absl::OkStatus();
}

bool XmlEvent::HasAttribute(std::string_view attribute) const {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const auto& entry) { return entry.first == attribute; });
}

std::string_view XmlEvent::Attribute(std::string_view attribute) const {
  for (const auto& [key, value] : attributes) {
    if (key == attribute) return value;
  }
  return {};
}

}  // namespace policykb
