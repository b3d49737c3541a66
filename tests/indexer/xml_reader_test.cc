#include "indexer/readers/xml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// All events in one line, or the error.
std::string Events(const std::string& xml) {
  XmlReader reader(xml, "part");
  std::string out;
  while (true) {
    const auto event = reader.Next();
    if (!event.ok()) return Cat(out, "! ", std::string(event.status().message()));
    const XmlEvent& e = **event;
    switch (e.kind) {
      case XmlEvent::Kind::kStart:
        out += Cat("<", e.name);
        for (const auto& [name, value] : e.attributes) out += Cat(" ", name, "=", value);
        out += ">";
        break;
      case XmlEvent::Kind::kEnd:
        out += Cat("</", e.name, ">");
        break;
      case XmlEvent::Kind::kText:
        out += e.text;
        break;
      case XmlEvent::Kind::kFinished:
        return out;
    }
  }
}

TEST(XmlReader, NamesElementsByTheirNamespace) {
  EXPECT_EQ(Events("<a:p xmlns:a='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "
                   "a:val='&amp;&#x4E2D;'>甲<a:t/>乙&lt;</a:p>"),
            "<w:p val=&中>甲<w:t></w:t>乙<</w:p>");
  EXPECT_EQ(
      Events("<row xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main'><![CDATA[<&]]></row>"),
      "<x:row><&</x:row>");
}

TEST(XmlReader, LongTextStaysWhole) {
  const std::string words(100'000, 'x');
  EXPECT_EQ(Events(Cat("<a>", words, "</a>")), Cat("<a>", words, "</a>"));
}

TEST(XmlReader, RefusesDocumentTypesAndWithThemEntityBombs) {
  EXPECT_EQ(Events("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>"
                   "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>"),
            "! part line 2: a document type declaration, which no office file has");
  EXPECT_EQ(Events("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
            "! part line 1: a document type declaration, which no office file has");
  EXPECT_THAT(Events("<a>&b;</a>"), HasSubstr("! part line 1: Entity 'b' not defined"));
}

TEST(XmlReader, RefusesDeepNesting) {
  std::string xml;
  for (int i = 0; i < 251; ++i) xml += "<a>";
  EXPECT_THAT(Events(xml), HasSubstr("! part line 1: elements nested deeper than 250"));
}

TEST(XmlReader, NamesTheLineOfWhatIsNotWellFormed) {
  EXPECT_THAT(Events("<a>\n<b>\n</a>"), HasSubstr("! part line 3: "));
  EXPECT_THAT(Events("<a>"), HasSubstr("! part line 1: "));
  EXPECT_THAT(Events(""), HasSubstr("! part line 1: "));
}

TEST(XmlReader, SkipGoesBehindTheElement) {
  const std::string xml = "<a><b><b/><c/></b><d/></a>";
  XmlReader reader(xml, "part");
  ASSERT_TRUE(reader.Next().value()->Starts("a"));
  ASSERT_TRUE(reader.Next().value()->Starts("b"));
  ASSERT_TRUE(reader.Skip().ok());
  EXPECT_TRUE(reader.Next().value()->Starts("d"));
}

}  // namespace
}  // namespace policykb
