# Writes OUT, a source with every file of FILES (parted by |, relative to FOLDER) as bytes and compressed.
string(REPLACE "|" ";" names "${FILES}")
# An array has at least one row; the path of the first is none that can be asked for.
set(rows "    {\"\", \"\", \"\"},\n")
foreach(name IN LISTS names)
  file(READ ${FOLDER}/${name} plain HEX)
  # Level 9, without name and time: the same bytes for the same file.
  execute_process(COMMAND gzip -9nc ${FOLDER}/${name} OUTPUT_FILE ${OUT}.gz RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "gzip ${name}: ${failed}")
  endif()
  file(READ ${OUT}.gz packed HEX)
  file(REMOVE ${OUT}.gz)
  set(row "    {\"${name}\"")
  foreach(hex plain packed)
    string(LENGTH "${${hex}}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "(..)" "\\\\x\\1" literal "${${hex}}")
    string(APPEND row ", {\"${literal}\", ${size}}")
  endforeach()
  string(APPEND rows "${row}},\n")
endforeach()
file(WRITE ${OUT}.new "#include \"generator/gateway/console_files.h\"

namespace policykb {

namespace {

constexpr ConsoleFile kFiles[] = {
${rows}};

}  // namespace

std::span<const ConsoleFile> ConsoleFiles() { return kFiles; }

}  // namespace policykb
")
file(RENAME ${OUT}.new ${OUT})
