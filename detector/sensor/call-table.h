/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * System calls that are reported by their plan alone: which arguments name files, which is a descriptor, which an
 * address. Arguments count from 1; 0: there is none. detector/source/record.ts has the names of the types.
 *
 *   type, name of the tracepoint, number on x86-64, number on arm64,
 *   path, base: the directory descriptor that it starts from (0: the cwd); the same for a second path,
 *   descriptor, socket address, size of the address, CALL_* flags
 */
#ifndef KUBEDRILL_CALL_TABLE_H
#define KUBEDRILL_CALL_TABLE_H

enum {
	CALL_TEXT = 1,            /* the first path is a mere text */
	CALL_RESULT = 2,          /* the result is the descriptor */
	CALL_SIZE_AT = 4,         /* the size of the address lies where the argument points */
	CALL_MESSAGE = 8,         /* argument 2 is a msghdr, with address and data in it */
	CALL_DATA = 16,           /* argument 2 is data, as long as the result */
	CALL_CWD = 32,            /* tells the working directory as the call leaves it */
	NOT_THERE = 1023,         /* a call that the architecture does not have */
	CALL_NUMBERS = 1024,
};

#define CALLS(CALL)                                                                                                   \
	CALL(CONNECT, connect, 42, 203, 0, 0, 0, 0, 1, 2, 3, 0)                                                        \
	CALL(CLOSE, close, 3, 57, 0, 0, 0, 0, 0, 0, 0, 0)                                                              \
	CALL(DUP, dup, 32, 23, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                                       \
	CALL(DUP2, dup2, 33, NOT_THERE, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                              \
	CALL(DUP3, dup3, 292, 24, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                                    \
	CALL(FCNTL, fcntl, 72, 25, 0, 0, 0, 0, 1, 0, 0, 0)                                                             \
	CALL(CHDIR, chdir, 80, 49, 1, 0, 0, 0, 0, 0, 0, CALL_CWD)                                                      \
	CALL(FCHDIR, fchdir, 81, 50, 0, 0, 0, 0, 1, 0, 0, 0)                                                           \
	CALL(CHROOT, chroot, 161, 51, 1, 0, 0, 0, 0, 0, 0, 0)                                                          \
	CALL(UNLINK, unlink, 87, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                    \
	CALL(UNLINKAT, unlinkat, 263, 35, 2, 1, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(RMDIR, rmdir, 84, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(MKDIR, mkdir, 83, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(MKDIRAT, mkdirat, 258, 34, 2, 1, 0, 0, 0, 0, 0, 0)                                                        \
	CALL(RENAME, rename, 82, NOT_THERE, 1, 0, 2, 0, 0, 0, 0, 0)                                                    \
	CALL(RENAMEAT, renameat, 264, 38, 2, 1, 4, 3, 0, 0, 0, 0)                                                      \
	CALL(RENAMEAT2, renameat2, 316, 276, 2, 1, 4, 3, 0, 0, 0, 0)                                                   \
	CALL(LINK, link, 86, NOT_THERE, 1, 0, 2, 0, 0, 0, 0, 0)                                                        \
	CALL(LINKAT, linkat, 265, 37, 2, 1, 4, 3, 0, 0, 0, 0)                                                          \
	CALL(SYMLINK, symlink, 88, NOT_THERE, 1, 0, 2, 0, 0, 0, 0, CALL_TEXT)                                          \
	CALL(SYMLINKAT, symlinkat, 266, 36, 1, 0, 3, 2, 0, 0, 0, CALL_TEXT)                                            \
	CALL(CHMOD, chmod, 90, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(FCHMOD, fchmod, 91, 52, 0, 0, 0, 0, 1, 0, 0, 0)                                                           \
	CALL(FCHMODAT, fchmodat, 268, 53, 2, 1, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(CHOWN, chown, 92, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(LCHOWN, lchown, 94, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                    \
	CALL(FCHOWN, fchown, 93, 55, 0, 0, 0, 0, 1, 0, 0, 0)                                                           \
	CALL(FCHOWNAT, fchownat, 260, 54, 2, 1, 0, 0, 0, 0, 0, 0)                                                      \
	CALL(MKNOD, mknod, 133, NOT_THERE, 1, 0, 0, 0, 0, 0, 0, 0)                                                     \
	CALL(MKNODAT, mknodat, 259, 33, 2, 1, 0, 0, 0, 0, 0, 0)                                                        \
	CALL(MOUNT, mount, 165, 40, 1, 0, 2, 0, 0, 0, 0, CALL_TEXT)                                                    \
	CALL(UMOUNT2, umount, 166, 39, 1, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(SOCKET, socket, 41, 198, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                                \
	CALL(SOCKETPAIR, socketpair, 53, 199, 0, 0, 0, 0, 0, 0, 0, 0)                                                  \
	CALL(BIND, bind, 49, 200, 0, 0, 0, 0, 1, 2, 3, 0)                                                              \
	CALL(LISTEN, listen, 50, 201, 0, 0, 0, 0, 1, 0, 0, 0)                                                          \
	CALL(ACCEPT, accept, 43, 202, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                                \
	CALL(ACCEPT4, accept4, 288, 242, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                             \
	CALL(SENDTO, sendto, 44, 206, 0, 0, 0, 0, 1, 5, 6, CALL_DATA)                                                  \
	CALL(RECVFROM, recvfrom, 45, 207, 0, 0, 0, 0, 1, 5, 6, CALL_DATA | CALL_SIZE_AT)                               \
	CALL(SENDMSG, sendmsg, 46, 211, 0, 0, 0, 0, 1, 0, 0, CALL_MESSAGE)                                             \
	CALL(RECVMSG, recvmsg, 47, 212, 0, 0, 0, 0, 1, 0, 0, CALL_MESSAGE)                                             \
	CALL(PIPE, pipe, 22, NOT_THERE, 0, 0, 0, 0, 0, 0, 0, 0)                                                        \
	CALL(PIPE2, pipe2, 293, 59, 0, 0, 0, 0, 0, 0, 0, 0)                                                            \
	CALL(EVENTFD, eventfd, 284, NOT_THERE, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                       \
	CALL(EVENTFD2, eventfd2, 290, 19, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                            \
	CALL(MEMFD_CREATE, memfd_create, 319, 279, 1, 0, 0, 0, 0, 0, 0, CALL_TEXT | CALL_RESULT)                       \
	CALL(USERFAULTFD, userfaultfd, 323, 282, 0, 0, 0, 0, 0, 0, 0, CALL_RESULT)                                     \
	CALL(BPF, bpf, 321, 280, 0, 0, 0, 0, 0, 0, 0, 0)                                                               \
	CALL(PTRACE, ptrace, 101, 117, 0, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(KILL, kill, 62, 129, 0, 0, 0, 0, 0, 0, 0, 0)                                                              \
	CALL(TKILL, tkill, 200, 130, 0, 0, 0, 0, 0, 0, 0, 0)                                                           \
	CALL(TGKILL, tgkill, 234, 131, 0, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(SETNS, setns, 308, 268, 0, 0, 0, 0, 1, 0, 0, 0)                                                           \
	CALL(UNSHARE, unshare, 272, 97, 0, 0, 0, 0, 0, 0, 0, 0)                                                        \
	CALL(SETUID, setuid, 105, 146, 0, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(SETGID, setgid, 106, 144, 0, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(SETREUID, setreuid, 113, 145, 0, 0, 0, 0, 0, 0, 0, 0)                                                     \
	CALL(SETREGID, setregid, 114, 143, 0, 0, 0, 0, 0, 0, 0, 0)                                                     \
	CALL(SETRESUID, setresuid, 117, 147, 0, 0, 0, 0, 0, 0, 0, 0)                                                   \
	CALL(SETRESGID, setresgid, 119, 149, 0, 0, 0, 0, 0, 0, 0, 0)                                                   \
	CALL(SETSID, setsid, 112, 157, 0, 0, 0, 0, 0, 0, 0, 0)                                                         \
	CALL(SETPGID, setpgid, 109, 154, 0, 0, 0, 0, 0, 0, 0, 0)                                                       \
	CALL(CAPSET, capset, 126, 91, 0, 0, 0, 0, 0, 0, 0, 0)                                                          \
	CALL(PRCTL, prctl, 157, 167, 0, 0, 0, 0, 0, 0, 0, 0)                                                           \
	CALL(INIT_MODULE, init_module, 175, 105, 3, 0, 0, 0, 0, 0, 0, CALL_TEXT)                                       \
	CALL(FINIT_MODULE, finit_module, 313, 273, 2, 0, 0, 0, 1, 0, 0, CALL_TEXT)                                     \
	CALL(DELETE_MODULE, delete_module, 176, 106, 1, 0, 0, 0, 0, 0, 0, CALL_TEXT)

#endif
