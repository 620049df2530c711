# Compiler and linker defences against memory errors, for everything that meets untrusted bytes.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(csatdb_hardening INTERFACE)
target_compile_options(csatdb_hardening INTERFACE -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(csatdb_hardening INTERFACE -fcf-protection)
endif()
# _FORTIFY_SOURCE needs the optimiser; sanitizers check the same calls themselves.
target_compile_options(csatdb_hardening INTERFACE
  $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
  $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>
  $<$<CONFIG:Release,RelWithDebInfo>:-D_GLIBCXX_ASSERTIONS>)
target_link_options(csatdb_hardening INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
