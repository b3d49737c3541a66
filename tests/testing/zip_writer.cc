#include "tests/testing/zip_writer.h"

namespace policykb {
namespace {

uint32_t Crc32(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

void Put16(std::string& out, uint32_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8 & 0xFF);
}

void Put32(std::string& out, uint32_t value) {
  Put16(out, value & 0xFFFF);
  Put16(out, value >> 16);
}

// RFC 1951 by hand: one block with fixed codes, a literal zero, then copies of 258 bytes from
// distance 1. REQUIRES: count % 258 == 1.
std::string DeflatedZeros(size_t count) {
  std::string out;
  uint32_t buffer = 0;
  int bits = 0;
  const auto put = [&](uint32_t code, int size) {  // codes go in from their highest bit
    for (int i = size - 1; i >= 0; --i) {
      buffer |= (code >> i & 1) << bits;
      if (++bits == 8) {
        out += static_cast<char>(buffer);
        buffer = 0;
        bits = 0;
      }
    }
  };
  put(0b1, 1);   // the last block
  put(0b10, 2);  // type 01, lowest bit first
  put(0b00110000, 8);
  for (size_t i = 0; i < count / 258; ++i) {
    put(0b11000101, 8);  // length code 285
    put(0, 5);           // distance 1
  }
  put(0, 7);  // end of block
  put(0, 7);  // fills the last byte
  return out;
}

std::string CommonHeader(const ZipFileEntry& entry, const std::string& packed,
                         const std::string& content) {
  std::string out;
  Put16(out, 20);  // version needed
  Put16(out, entry.encrypted ? 1 : 0);
  Put16(out, entry.zeros > 0 ? 8 : 0);
  Put32(out, 0x21 << 16);  // 1980-01-01
  Put32(out, Crc32(content));
  Put32(out, static_cast<uint32_t>(packed.size()));
  Put32(out, entry.stated_size.value_or(static_cast<uint32_t>(content.size())));
  Put16(out, static_cast<uint32_t>(entry.name.size()));
  Put16(out, 0);  // no extra field
  return out;
}

constexpr std::string_view kRelationshipsOpen =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
constexpr std::string_view kOfficeType =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string Relationship(std::string_view type, std::string_view target) {
  std::string out = "<Relationship Id=\"r";
  out += type;
  out += "\" Type=\"";
  out += kOfficeType;
  out += type;
  out += "\" Target=\"";
  out += target;
  return out + "\"/>";
}

}  // namespace

std::string MakeZip(const std::vector<ZipFileEntry>& entries) {
  std::string out;
  std::string directory;
  for (const ZipFileEntry& entry : entries) {
    const std::string content =
        entry.zeros > 0 ? std::string(entry.zeros / 258 * 258 + 1, '\0') : entry.content;
    const std::string packed = entry.zeros > 0 ? DeflatedZeros(content.size()) : content;
    const std::string common = CommonHeader(entry, packed, content);
    const auto offset = static_cast<uint32_t>(out.size());
    out += "PK\x03\x04";
    out += common;
    out += entry.name;
    out += packed;
    directory += "PK\x01\x02";
    Put16(directory, 20);  // version made by
    directory += common;
    directory += std::string(10, '\0');  // comment, disk, attributes
    Put32(directory, offset);
    directory += entry.name;
  }
  const auto start = static_cast<uint32_t>(out.size());
  out += directory;
  out += "PK\x05\x06";
  Put32(out, 0);
  Put16(out, static_cast<uint32_t>(entries.size()));
  Put16(out, static_cast<uint32_t>(entries.size()));
  Put32(out, static_cast<uint32_t>(directory.size()));
  Put32(out, start);
  Put16(out, 0);
  return out;
}

std::string MakeDocx(std::string_view body, const std::vector<ZipFileEntry>& others) {
  std::string relationships(kRelationshipsOpen);
  for (const std::string_view part : {"styles", "numbering", "footnotes"}) {
    relationships += Relationship(part, std::string(part) + ".xml");
  }
  std::string document =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document "
      "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
      "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><w:body>";
  document += body;
  document += "</w:body></w:document>";
  std::vector<ZipFileEntry> entries = {
      {.name = "_rels/.rels",
       .content = std::string(kRelationshipsOpen) +
                  Relationship("officeDocument", "/word/document.xml") + "</Relationships>"},
      {.name = "word/_rels/document.xml.rels", .content = relationships + "</Relationships>"},
      {.name = "word/document.xml", .content = document}};
  entries.insert(entries.end(), others.begin(), others.end());
  return MakeZip(entries);
}

}  // namespace policykb
