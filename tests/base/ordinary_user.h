// OrdinaryUser: lets a test that runs as the superuser act as a user to whom permissions apply.
//
// For tests of missing rights. Not a security measure: the process may turn back. One test at a
// time.

#ifndef POLICYKB_TESTS_BASE_ORDINARY_USER_H_
#define POLICYKB_TESTS_BASE_ORDINARY_USER_H_

#include <unistd.h>

namespace policykb {

class OrdinaryUser {
 public:
  OrdinaryUser() : before_(::geteuid()), ordinary_(before_ != 0 || ::seteuid(kNobody) == 0) {}
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  ~OrdinaryUser() {
    if (::seteuid(before_) != 0) ::_exit(1);
  }

  // False where the superuser may not become anyone else.
  bool ordinary() const { return ordinary_; }

 private:
  static constexpr uid_t kNobody = 65534;
  const uid_t before_;
  const bool ordinary_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_BASE_ORDINARY_USER_H_
