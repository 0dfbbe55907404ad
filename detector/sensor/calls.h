/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers and arguments of system calls on the two architectures. */
#ifndef KUBEDRILL_CALLS_H
#define KUBEDRILL_CALLS_H

#if defined(__TARGET_ARCH_x86)

enum {
	NR_OPEN = 2,
	NR_FORK = 57,
	NR_VFORK = 58,
	NR_EXECVE = 59,
	NR_CREAT = 85,
	NR_OPENAT = 257,
	NR_EXECVEAT = 322,
	NR_CLONE3 = 435,
	NR_OPENAT2 = 437,
	TS_COMPAT = 2,
};

/* Of registers that the verifier knows as such. */
static __always_inline long call_number(struct pt_regs *regs)
{
	return regs->orig_ax;
}

/* A 32-bit program's calls have other numbers. The tracepoints of single calls leave them out by themselves. */
static __always_inline bool is_32_bit(struct task_struct *task)
{
	return task->thread_info.status & TS_COMPAT;
}

#define CALL_ARGUMENT_1(regs) ((regs)->di)
#define CALL_ARGUMENT_2(regs) ((regs)->si)
#define CALL_ARGUMENT_3(regs) ((regs)->dx)
#define CALL_ARGUMENT_4(regs) ((regs)->r10)
#define CALL_ARGUMENT_5(regs) ((regs)->r8)
#define CALL_ARGUMENT_6(regs) ((regs)->r9)
#define CALL_NUMBER(x86, arm64) x86

#elif defined(__TARGET_ARCH_arm64)

/* arm64 has no open, creat, fork and vfork; numbers that no call has. */
enum {
	NR_OPENAT = 56,
	NR_EXECVE = 221,
	NR_EXECVEAT = 281,
	NR_CLONE3 = 435,
	NR_OPENAT2 = 437,
	NR_OPEN = -2,
	NR_CREAT = -3,
	NR_FORK = -4,
	NR_VFORK = -5,
};

static __always_inline long call_number(struct pt_regs *regs)
{
	return regs->syscallno;
}

static __always_inline bool is_32_bit(struct task_struct *task)
{
	enum { PSR_MODE32_BIT = 0x10 };
	struct pt_regs *regs = (void *)bpf_task_pt_regs(task);

	return regs->pstate & PSR_MODE32_BIT;
}

/* regs[0] holds the result once the call is over. */
#define CALL_ARGUMENT_1(regs) ((regs)->orig_x0)
#define CALL_ARGUMENT_2(regs) ((regs)->regs[1])
#define CALL_ARGUMENT_3(regs) ((regs)->regs[2])
#define CALL_ARGUMENT_4(regs) ((regs)->regs[3])
#define CALL_ARGUMENT_5(regs) ((regs)->regs[4])
#define CALL_ARGUMENT_6(regs) ((regs)->regs[5])
#define CALL_NUMBER(x86, arm64) arm64

#endif

#endif
