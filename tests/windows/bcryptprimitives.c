/* Random bytes under a Wine that has no bcryptprimitives.dll (before version 9): the one
   function of it that Rust's standard library calls. For the tests alone, never shipped. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) {
    return RtlGenRandom(bytes, (ULONG)length);
}
