/* The program python.exe: hands its arguments to the interpreter in python311.dll. */
#include <stdio.h>
#include <windows.h>

typedef int (*python_main)(int, wchar_t **);

int wmain(int count, wchar_t **words) {
    HMODULE library = LoadLibraryW(L"python311.dll");
    python_main run = library ? (python_main)(void *)GetProcAddress(library, "Py_Main") : NULL;
    if (run == NULL) {
        fprintf(stderr, "python311.dll cannot be loaded: error %lu\n", (unsigned long)GetLastError());
        return 99;
    }
    return run(count, words);
}
